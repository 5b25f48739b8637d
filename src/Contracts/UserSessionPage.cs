using System.Collections.Immutable;

namespace OrleansSessions.Contracts;

/// <summary>Page of the list of a user's sessions.</summary>
[GenerateSerializer, Immutable, Alias("session.user-page")]
public sealed record UserSessionPage
{
    /// <summary>The cursor of the next page; 0: this is the last one.</summary>
    [Id(0)]
    public required long Cursor { get; init; }

    /// <summary>The sessions. May be fewer than requested, or none, before the end.</summary>
    [Id(1)]
    public required ImmutableArray<UserSession> Sessions { get; init; }
}
