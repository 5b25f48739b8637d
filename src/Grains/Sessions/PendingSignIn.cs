using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Sessions;

/// <summary>Sign-in under way, from before it is listed until its commit is answered.</summary>
internal sealed class PendingSignIn(SessionSignIn signIn, Guid operationId)
{
    public string User => signIn.User;

    public string? ImpersonatedBy => signIn.ImpersonatedBy;

    public Guid OperationId { get; } = operationId;

    /// <summary>Whether the user's sessions were ended meanwhile, this one included. The commit is then refused.</summary>
    public bool IsCancelled { get; set; }

    /// <inheritdoc cref="SessionIdentity.Names"/>
    public bool Names(string user) => User == user || ImpersonatedBy == user;

    /// <summary>The sign-in that this one replaces; null: none.</summary>
    public SignedIn? Replaced { get; set; }
}
