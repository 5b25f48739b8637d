using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Tests.Calls;

/// <summary>Creation of sessions through a script, which does not distinguish it from a session's first commit.</summary>
internal sealed class ScriptedCreationGrain(ISessionCreationGrain inner, IGrainFactory grains, ScriptedGrains script) : ISessionCreationGrain
{
    public ValueTask<CommitResult?> CreateAsync(string sessionKey, SessionCommit commit) =>
        script.CallAsync<CommitResult?>(
            new GrainCall(nameof(ISessionGrain.CommitAsync), sessionKey, commit),
            () => inner.CreateAsync(sessionKey, commit),
            async () => await grains.GetGrain<ISessionGrain>(sessionKey).CommitAsync(commit.AsRetry()));
}
