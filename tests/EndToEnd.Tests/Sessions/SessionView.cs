namespace OrleansSessions.EndToEnd.Tests.Sessions;

/// <summary>Response of GET /api/session.</summary>
internal sealed record SessionView(
    string? Id,
    string? Frontend,
    string? Silo,
    long? Version,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? ExpiresAt,
    IReadOnlyDictionary<string, string>? Entries)
{
    /// <summary>An entry's text, or null if there is none.</summary>
    public string? this[string name] => Entries is not null && Entries.TryGetValue(name, out string? text) ? text : null;
}
