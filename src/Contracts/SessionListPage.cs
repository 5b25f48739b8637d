using System.Collections.Immutable;

namespace OrleansSessions.Contracts;

/// <summary>Page of a session list.</summary>
[GenerateSerializer, Immutable, Alias("session.list-page")]
public sealed record SessionListPage
{
    /// <summary>The cursor of the next page; 0: this is the last one.</summary>
    [Id(0)]
    public required long Cursor { get; init; }

    /// <summary>The <see cref="SessionKey.Value"/> of each session found. Often fewer than requested; may be empty before the end.</summary>
    [Id(1)]
    public required ImmutableArray<string> Keys { get; init; }
}
