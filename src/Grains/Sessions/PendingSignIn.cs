using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Sessions;

/// <summary>Sign-in under way, from before it is listed until its commit is answered.</summary>
internal sealed class PendingSignIn(string user, Guid operationId)
{
    public string User { get; } = user;

    public Guid OperationId { get; } = operationId;

    /// <summary>Whether the user's sessions were ended meanwhile, this one included. The commit is then refused.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>The sign-in that this one replaces; null: none.</summary>
    public SignedIn? Replaced { get; set; }
}
