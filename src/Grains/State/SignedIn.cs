using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.State;

/// <summary>Sign-in of a session, as stored in its <see cref="SessionState"/>.</summary>
internal sealed record SignedIn
{
    /// <summary>The operation id of the commit, which is also in the user's list.</summary>
    public required Guid SignInId { get; init; }

    public required SessionIdentity Identity { get; init; }

    public SessionDevice? Device { get; init; }

    /// <summary>A sign-in that is a session's first, or follows another one. As the same user it is a re-authentication, which leaves the first one's time.</summary>
    public static SignedIn By(SessionCommit commit, SessionSignIn signIn, SignedIn? before, long nowMs)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(nowMs);
        return new SignedIn
        {
            SignInId = commit.OperationId,
            Identity = new SessionIdentity
            {
                User = signIn.User,
                SignedInAt = before?.Identity.User == signIn.User ? before.Identity.SignedInAt : now,
                AuthenticatedAt = DateTimeOffset.FromUnixTimeMilliseconds((signIn.AuthenticatedAt ?? now).ToUnixTimeMilliseconds()),
                Method = signIn.Method,
                Tags = signIn.Tags,
            },
            Device = signIn.Device == new SessionDevice() ? null : signIn.Device,
        };
    }
}
