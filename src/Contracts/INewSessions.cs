namespace OrleansSessions.Contracts;

/// <summary>Storing of new sessions by this process' silo. Callers in the same process store them without a message.</summary>
internal interface INewSessions
{
    /// <inheritdoc cref="ISessionCreationGrain.CreateAsync"/>
    /// <exception cref="SessionUnavailableException">Redis did not answer; it may have stored the session.</exception>
    /// <exception cref="SessionOwnershipException">The silo was frozen or cut off; it may have stored the session.</exception>
    ValueTask<CommitResult?> TryCreateAsync(string sessionKey, SessionCommit commit);
}
