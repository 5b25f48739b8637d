namespace OrleansSessions.EndToEnd.Tests.Load;

/// <summary>Acknowledged state at one moment.</summary>
/// <param name="Numbers">The number of each entry.</param>
/// <param name="Increments">The number of increments.</param>
internal sealed record LedgerPage(IReadOnlyDictionary<string, long> Numbers, long Increments);
