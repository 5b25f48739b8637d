using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Sessions;

/// <summary>A session's sign-ins under way. Used in the grain's context only.</summary>
internal sealed class PendingSignIns
{
    /// <summary>Enough for the repetitions of an unanswered commit.</summary>
    private const int MaxCancelled = 16;

    private readonly List<PendingSignIn> _pending = [];
    private readonly Queue<Guid> _cancelled = new();

    public PendingSignIn Begin(SessionSignIn asked, Guid operationId)
    {
        // A commit that was cancelled stays so, if its caller got no answer and repeats it.
        var signIn = new PendingSignIn(asked, operationId) { IsCancelled = _cancelled.Contains(operationId) };
        _pending.Add(signIn);
        return signIn;
    }

    public void End(PendingSignIn signIn) => _pending.Remove(signIn);

    public bool HasAny(string user) => _pending.Exists(signIn => signIn.Names(user) && !signIn.IsCancelled);

    /// <returns>Whether there were any.</returns>
    public bool Cancel(string user)
    {
        bool any = false;
        foreach (PendingSignIn signIn in _pending.Where(signIn => signIn.Names(user) && !signIn.IsCancelled))
        {
            signIn.IsCancelled = any = true;
            _cancelled.Enqueue(signIn.OperationId);
            if (_cancelled.Count > MaxCancelled)
            {
                _cancelled.Dequeue();
            }
        }

        return any;
    }
}
