using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.State;

/// <summary>Sign-in of a session, as stored in its <see cref="SessionState"/>.</summary>
internal sealed record SignedIn
{
    /// <summary>The operation id of the commit, which is also in the user's list.</summary>
    public required Guid SignInId { get; init; }

    public required SessionIdentity Identity { get; init; }

    public SessionDevice? Device { get; init; }

    /// <summary>Whether the user of an earlier sign-in has authenticated again.</summary>
    public bool IsStepUpFrom(SignedIn before) => Identity.User == before.Identity.User && Identity.AuthenticatedAt > before.Identity.AuthenticatedAt;

    /// <summary>
    /// A sign-in that is a session's first, or follows another one. As the same user it is a re-authentication, which leaves the first one's time. If it does not know when
    /// the user authenticated, it also leaves what it does not tell. Nobody has authenticated in the future, whatever a provider's clock says: they would be fresh for longer.
    /// </summary>
    public static SignedIn By(SessionCommit commit, SessionSignIn signIn, SignedIn? before, long nowMs)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(nowMs);
        SignedIn? same = before?.Identity.User == signIn.User ? before : null;
        SignedIn? kept = signIn.AuthenticatedAt == DateTimeOffset.UnixEpoch ? same : null;
        bool isIssuedAgain = commit.Rotation is { IsPrivilegeChange: false };
        DateTimeOffset authenticatedAt = signIn.AuthenticatedAt is { } told && told < now ? told : now;
        return new SignedIn
        {
            SignInId = commit.OperationId,
            Identity = new SessionIdentity
            {
                User = signIn.User,
                SignedInAt = same?.Identity.SignedInAt ?? now,
                AuthenticatedAt = kept?.Identity.AuthenticatedAt ?? DateTimeOffset.FromUnixTimeMilliseconds(authenticatedAt.ToUnixTimeMilliseconds()),
                LastSignInAt = isIssuedAgain && same is not null ? same.Identity.LastSignInAt : now,
                Method = signIn.Method ?? kept?.Identity.Method,
                ImpersonatedBy = signIn.ImpersonatedBy,
                Tags = kept is not null && signIn.Tags.IsEmpty ? kept.Identity.Tags : signIn.Tags,
            },
            Device = (signIn.Device == new SessionDevice() ? null : signIn.Device) ?? kept?.Device,
        };
    }
}
