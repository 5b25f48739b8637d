using System.Collections.Immutable;

namespace OrleansSessions.Contracts;

/// <summary>
/// Sign-in, as part of a commit: from then on the session is the user's, and in the list of the user's sessions. A session that is another user's changes hands.
/// Without a <see cref="SecretRotation"/> in the same commit, whoever knew the session's token before is signed in too.
/// </summary>
[GenerateSerializer, Immutable, Alias("session.sign-in")]
public sealed record SessionSignIn
{
    /// <summary>Maximum number of tags.</summary>
    public const int MaxTags = 8;

    /// <summary>Maximum length of a tag and of <see cref="Method"/>, in characters.</summary>
    public const int MaxText = 64;

    /// <summary>The tag of impersonations, and of no other sign-in. They don't count to the limit of a user's sessions.</summary>
    public const string ImpersonationTag = "impersonation";

    /// <summary>Maximum absolute lifetime of a session in which an administrator acts as a user. Without one, the sign-in is refused.</summary>
    public static readonly TimeSpan MaxImpersonation = TimeSpan.FromHours(8);

    /// <summary>The <see cref="UserKey.Value"/> of the user.</summary>
    [Id(0)]
    public required string User { get; init; }

    /// <summary>
    /// See <see cref="SessionIdentity.AuthenticatedAt"/>. Not before 1970; 1970-01-01: unknown, so never fresh. A time that is still to come counts as null: with this sign-in.
    /// </summary>
    [Id(1)]
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>See <see cref="SessionIdentity.Method"/>.</summary>
    [Id(2)]
    public string? Method { get; init; }

    /// <summary>See <see cref="SessionIdentity.Tags"/>. At most <see cref="MaxTags"/>.</summary>
    [Id(3)]
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Where the user signs in from. Null: not known.</summary>
    [Id(4)]
    public SessionDevice? Device { get; init; }

    /// <summary>
    /// See <see cref="SessionIdentity.ImpersonatedBy"/>. Only for a commit that creates the session. It is also in that user's list, and nobody else signs in there.
    /// </summary>
    [Id(5)]
    public string? ImpersonatedBy { get; init; }

    /// <summary>The <see cref="SessionKey.Value"/> of that user's own session. If it ends before the sign-in is listed, the sign-in is refused. Not stored.</summary>
    [Id(6)]
    public string? ImpersonatedFrom { get; init; }

    /// <summary>Whether the user is a key, and the time and all texts are within their limits.</summary>
    internal bool IsValid =>
        UserKey.IsValid(User)
        && !(AuthenticatedAt < DateTimeOffset.UnixEpoch)
        && !(Method?.Length > MaxText)
        && !Tags.IsDefault && Tags.Length <= MaxTags && Tags.All(static tag => tag is { Length: > 0 and <= MaxText })
        && Device?.IsValid != false
        && Tags.Contains(ImpersonationTag) == ImpersonatedBy is not null
        && (ImpersonatedBy is null || (UserKey.IsValid(ImpersonatedBy) && ImpersonatedBy != User && UserKey.IsValid(ImpersonatedFrom)));
}
