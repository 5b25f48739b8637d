namespace OrleansSessions.EndToEnd.Tests.Load;

/// <summary>What was acknowledged at one moment.</summary>
/// <param name="Numbers">The number of each entry.</param>
/// <param name="Increments">How many increments.</param>
internal sealed record LedgerPage(IReadOnlyDictionary<string, long> Numbers, long Increments);
