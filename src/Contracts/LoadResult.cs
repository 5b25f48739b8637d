namespace OrleansSessions.Contracts;

/// <summary>Result of a load.</summary>
[GenerateSerializer, Immutable, Alias("session.load-result")]
public sealed record LoadResult
{
    /// <summary>There is no session.</summary>
    public static readonly LoadResult None = new() { Outcome = LoadOutcome.None };

    /// <summary>The session has another token by now.</summary>
    public static readonly LoadResult RotatedAway = new() { Outcome = LoadOutcome.RotatedAway };

    /// <summary>The outcome.</summary>
    [Id(0)]
    public required LoadOutcome Outcome { get; init; }

    /// <summary>The session; null unless <see cref="Outcome"/> is <see cref="LoadOutcome.Active"/>.</summary>
    [Id(1)]
    public SessionSnapshot? Snapshot { get; init; }

    /// <summary>
    /// Whether the secret that was presented was replaced a moment ago and is valid for its grace only. The browser has, or is about to get, the new cookie: a
    /// response to a request that still carries the old one sets none.
    /// </summary>
    [Id(2)]
    public bool IsSecretReplaced { get; init; }
}
