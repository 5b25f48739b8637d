using System.Collections.Immutable;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.State;

/// <summary>Session in its user's list.</summary>
internal sealed record RegisteredSession
{
    /// <summary>The place in the list.</summary>
    public long Number { get; init; }

    public required string SessionKey { get; init; }

    /// <summary>The key that the session is moving from, or was; null: it was always under the same.</summary>
    public string? MovedFrom { get; init; }

    /// <summary>The operation id of the commit that signs it in.</summary>
    public required Guid SignInId { get; init; }

    /// <summary>In Unix milliseconds.</summary>
    public required long SignedInAtMs { get; init; }

    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>The key of the user's own session, which began this one to act as another user, and which it ends with. Null: it is the user's.</summary>
    public string? Beside { get; init; }

    /// <summary>Why the session is being ended; null: it is not. It stays listed until it has ended, so that a crash in between leaves no session unlisted.</summary>
    public EndReason? Ending { get; init; }

    /// <summary>The actor that ends it; null: unspecified, or it is not being ended.</summary>
    public string? EndingActor { get; init; }

    public bool IsEnding => Ending is not null;

    /// <summary>Whether the session counts to the limit of its user's sessions.</summary>
    public bool Counts => !IsEnding && !Tags.Contains(SessionSignIn.ImpersonationTag);

    /// <summary>Compares all but the tags: they don't change without the sign-in.</summary>
    public bool Equals(RegisteredSession? other) =>
        other is not null && Number == other.Number && SessionKey == other.SessionKey && MovedFrom == other.MovedFrom && SignInId == other.SignInId && Ending == other.Ending;

    public override int GetHashCode() => HashCode.Combine(Number, SignInId, Ending);

    public bool Has(string sessionKey) => SessionKey == sessionKey || MovedFrom == sessionKey;
}
