using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Sessions;

/// <summary>What a session is to a user.</summary>
[GenerateSerializer, Immutable, Alias("user-sessions.verified")]
internal sealed record SessionOfUser
{
    /// <summary>The session; null: it is not signed in as the user.</summary>
    [Id(0)]
    public SessionDescription? Description { get; init; }

    /// <summary>Whether a sign-in as the user is under way.</summary>
    [Id(1)]
    public bool IsSigningIn { get; init; }

    public bool IsNothing => Description is null && !IsSigningIn;
}
