using OrleansSessions.Contracts;

namespace OrleansSessions.Administration.Api;

/// <summary>Session in the API's answers. Its incarnation is not among them: inside the cluster it is the right to the session.</summary>
internal sealed record SessionModel
{
    public required string Key { get; init; }

    public required string Silo { get; init; }

    public string? Namespace { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastUsedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required long Version { get; init; }

    public required int EntryCount { get; init; }

    public required long Bytes { get; init; }

    public SessionIdentity? Identity { get; init; }

    public SessionDevice? Device { get; init; }

    /// <summary>Names and sizes of the entries; null: not asked for.</summary>
    public IReadOnlyList<EntryModel>? Entries { get; init; }

    public static SessionModel Of(string key, SessionDescription description, IReadOnlyList<EntryModel>? entries = null) => new()
    {
        Key = key,
        Silo = description.Silo,
        Namespace = description.Namespace,
        CreatedAt = description.CreatedAt,
        LastUsedAt = description.LastUsedAt,
        ExpiresAt = description.ExpiresAt,
        Version = description.Version,
        EntryCount = description.EntryCount,
        Bytes = description.Bytes,
        Identity = description.Identity,
        Device = description.Device,
        Entries = entries,
    };
}
