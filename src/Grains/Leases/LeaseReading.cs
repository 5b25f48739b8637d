namespace OrleansSessions.Grains.Leases;

/// <summary>Result of renewing the silo's stamp in Redis.</summary>
/// <param name="Stamp">The silo's new stamp: the previous one plus one, unless Redis lost some.</param>
/// <param name="IsListed">Whether the membership table has an entry for the silo.</param>
/// <param name="Version">The version of the membership table; 0 if there is none.</param>
/// <param name="Stamps">The stamps of all silos that have not left, by address.</param>
internal sealed record LeaseReading(long Stamp, bool IsListed, long Version, IReadOnlyDictionary<string, long> Stamps);
