namespace OrleansSessions.Contracts;

/// <summary>
/// The silo can't prove that it still owns the session: it was frozen or cut off, and another silo may own it now. Repeat the call: it finds the owner, or this silo
/// once its lease is confirmed again. Operation ids keep the repetition from taking effect twice.
/// </summary>
/// <remarks><c>SessionClient</c> repeats by itself; only callers of the grains see this exception.</remarks>
[GenerateSerializer, Alias("session.ownership")]
public sealed class SessionOwnershipException : OrleansException
{
    /// <summary>Creates the exception.</summary>
    public SessionOwnershipException(string message)
        : base(message)
    {
    }
}
