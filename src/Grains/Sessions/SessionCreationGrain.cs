using Orleans.Concurrency;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Sessions;

/// <inheritdoc cref="ISessionCreationGrain"/>
[GrainType("session-creation"), StatelessWorker, Reentrant]
internal sealed class SessionCreationGrain(SessionCreation creation) : Grain, ISessionCreationGrain
{
    public ValueTask<CommitResult?> CreateAsync(string sessionKey, SessionCommit commit) => creation.TryCreateAsync(sessionKey, commit);
}
