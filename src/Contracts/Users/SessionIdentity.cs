using System.Collections.Immutable;

namespace OrleansSessions.Contracts;

/// <summary>Identity of a session that is signed in: whose it is, and since when.</summary>
[GenerateSerializer, Immutable, Alias("session.identity")]
public sealed record SessionIdentity
{
    /// <summary>The <see cref="UserKey.Value"/> of the user.</summary>
    [Id(0)]
    public required string User { get; init; }

    /// <summary>When the session was first signed in as this user (UTC). Signing in again as the same user leaves it.</summary>
    [Id(1)]
    public required DateTimeOffset SignedInAt { get; init; }

    /// <summary>When the user last proved who they are (UTC): at the last sign-in, or before it. Never after it.</summary>
    [Id(2)]
    public required DateTimeOffset AuthenticatedAt { get; init; }

    /// <summary>How the user proved it, in the application's words, such as <c>pwd</c>. Null: not told.</summary>
    [Id(3)]
    public string? Method { get; init; }

    /// <summary>Marks by which all of a user's sessions of one kind can be ended, such as the tenant or the client application.</summary>
    [Id(4)]
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>
    /// The <see cref="UserKey.Value"/> of the administrator who acts as the user. The authentication is then the administrator's. Null: it is the user.
    /// </summary>
    [Id(5)]
    public string? ImpersonatedBy { get; init; }

    /// <summary>
    /// When the session was last signed in (UTC), also as the same user and without a new authentication. A ticket that is only issued again leaves it.
    /// </summary>
    [Id(6)]
    public DateTimeOffset LastSignInAt { get; init; }

    /// <summary>Whether the session is in a user's list: as the user's own, or because the user acts as another one.</summary>
    internal bool Names(string user) => User == user || ImpersonatedBy == user;
}
