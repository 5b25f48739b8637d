using System.Collections.Immutable;

namespace OrleansSessions.Contracts;

/// <summary>A page of a list of sessions.</summary>
[GenerateSerializer, Immutable, Alias("session.list-page")]
public sealed record SessionListPage
{
    /// <summary>Where the next page begins; 0: this was the last one.</summary>
    [Id(0)]
    public required long Cursor { get; init; }

    /// <summary>The <see cref="SessionKey.Value"/> of each session found. Often fewer than asked for, and sometimes none before the end.</summary>
    [Id(1)]
    public required ImmutableArray<string> Keys { get; init; }
}
