namespace OrleansSessions.WebFrontend.Api;

/// <summary>Response of <c>GET /api/session</c>. Without a session, <see cref="Id"/>, <see cref="Silo"/> and the times are null and <see cref="Version"/> is 0.</summary>
internal sealed record SessionView
{
    /// <summary>The first characters of the session's key. They identify the session and give no access.</summary>
    public required string? Id { get; init; }

    public required string Frontend { get; init; }

    public required string? Silo { get; init; }

    public required long Version { get; init; }

    public required DateTimeOffset? CreatedAt { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The entries as text; see <see cref="EntryText"/>.</summary>
    public required IReadOnlyDictionary<string, string> Entries { get; init; }
}
