namespace OrleansSessions.Contracts;

/// <summary>
/// Ownership failure: the silo can't prove that it still owns the session. It was frozen or cut off, and another silo may own it now. Retry the call: it finds the owner, or
/// this silo once its lease is confirmed again. Operation ids keep the retry from taking effect twice.
/// </summary>
/// <remarks><c>SessionClient</c> retries by itself; only direct callers of the grains see this exception.</remarks>
[GenerateSerializer, Alias("session.ownership")]
public sealed class SessionOwnershipException : OrleansException
{
    /// <summary>Creates the exception.</summary>
    public SessionOwnershipException(string message)
        : base(message)
    {
    }
}
