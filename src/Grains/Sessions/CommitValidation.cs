using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Sessions;

/// <summary>Validation of commits received over the network.</summary>
internal static class CommitValidation
{
    /// <exception cref="ArgumentException">A list, a change or a name is missing, or a rotation, a sign-in or an impersonation makes no sense.</exception>
    public static void Validate(SessionCommit commit)
    {
        ArgumentNullException.ThrowIfNull(commit);
        bool isWhole = !commit.Changes.IsDefault && !commit.Settled.IsDefault;
        for (int i = 0; isWhole && i < commit.Changes.Length; i++)
        {
            isWhole = commit.Changes[i]?.Name is not null;
        }

        if (!isWhole)
        {
            throw new ArgumentException("A commit must have a list of changes, each with a name, which may be empty.", nameof(commit));
        }

        if (commit.Rotation is { } rotation && (commit.BasedOn is null || !IsValid(rotation)))
        {
            throw new ArgumentException(
                $"A rotation is based on an incarnation and brings a new secret; its grace is 0 to {SecretRotation.MaxGrace.TotalSeconds} s.", nameof(commit));
        }

        if (commit.SignIn is { IsValid: false })
        {
            throw new ArgumentException("A sign-in names its user by a user key, and its texts must not exceed their limits.", nameof(commit));
        }

        if (commit.TicketUser is { Length: 0 or > SessionSnapshot.MaxTicketUser })
        {
            throw new ArgumentException($"A ticket's user has 1 to {SessionSnapshot.MaxTicketUser} characters.", nameof(commit));
        }

        if (commit is { SignIn.ImpersonatedBy: not null }
            && (commit.BasedOn is not null || commit.Secret.IsNone || !(commit.NewSession.AbsoluteLifetime <= SessionSignIn.MaxImpersonation)))
        {
            throw new ArgumentException(
                $"An impersonation is a new session with a secret and an absolute lifetime of at most {SessionSignIn.MaxImpersonation}.", nameof(commit));
        }
    }

    private static bool IsValid(SecretRotation rotation) =>
        !rotation.To.IsNone && rotation.To != rotation.From && rotation.Grace >= TimeSpan.Zero && rotation.Grace <= SecretRotation.MaxGrace;
}
