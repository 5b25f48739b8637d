using System.Collections.Immutable;

namespace OrleansSessions.Grains.Sessions;

/// <summary>Session in the list of its user's sessions.</summary>
[GenerateSerializer, Immutable, Alias("user-sessions.registration-data")]
internal sealed record UserRegistration
{
    [Id(0)]
    public required string SessionKey { get; init; }

    /// <summary>The operation id of the commit that signs it in.</summary>
    [Id(1)]
    public required Guid SignInId { get; init; }

    /// <summary>When the commit's caller gives up, in Unix milliseconds.</summary>
    [Id(2)]
    public required long UntilMs { get; init; }

    [Id(3)]
    public required long SignedInAtMs { get; init; }

    [Id(4)]
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>The key of the user's own session, beside which this one is that of another user. It must be listed, and not being ended. Null: it is the user's.</summary>
    [Id(5)]
    public string? Beside { get; init; }
}
