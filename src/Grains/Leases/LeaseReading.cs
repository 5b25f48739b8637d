namespace OrleansSessions.Grains.Leases;

/// <summary>What Redis answered when the silo renewed its stamp.</summary>
/// <param name="Stamp">The silo's stamp after this renewal; one more than after the last one unless Redis lost some.</param>
/// <param name="IsListed">Whether the membership table has an entry of the silo.</param>
/// <param name="Version">The version of the membership table; 0 if there is none.</param>
/// <param name="Stamps">The stamps of all silos that have not left, by address.</param>
internal sealed record LeaseReading(long Stamp, bool IsListed, long Version, IReadOnlyDictionary<string, long> Stamps);
