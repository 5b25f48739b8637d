using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Tests.Calls;

/// <summary>Session grain whose calls go through a script.</summary>
internal sealed class ScriptedSessionGrain(ISessionGrain inner, string key, ScriptedGrains script) : ISessionGrain
{
    public ValueTask<LoadResult> LoadAsync(bool touch, SecretHash secret, Guid? incarnation, DateTimeOffset? presentedAt) =>
        script.CallAsync(Call(nameof(LoadAsync)), () => inner.LoadAsync(touch, secret, incarnation, presentedAt));

    public ValueTask<CommitResult> CommitAsync(SessionCommit commit) =>
        script.CallAsync(Call(nameof(CommitAsync)) with { Commit = commit }, () => inner.CommitAsync(commit), () => inner.CommitAsync(commit.AsRetry()));

    public ValueTask<LoadResult> HoldAsync(SessionOperation change, bool touch, Guid? incarnation) =>
        script.CallAsync(Call(nameof(HoldAsync)), () => inner.HoldAsync(change, touch, incarnation));

    public ValueTask LetGoAsync(Guid change) => inner.LetGoAsync(change);

    public ValueTask<bool> RefreshAsync(SecretHash secret) => script.CallAsync(Call(nameof(RefreshAsync)), () => inner.RefreshAsync(secret));

    public ValueTask<bool> DestroyAsync(Guid? incarnation, EndReason reason, SessionOperation? operation) =>
        script.CallAsync(Call(nameof(DestroyAsync)), () => inner.DestroyAsync(incarnation, reason, operation));

    public ValueTask<bool> DestroyUnchangedAsync(Guid incarnation, long version, SessionOperation operation) =>
        script.CallAsync(Call(nameof(DestroyUnchangedAsync)), () => inner.DestroyUnchangedAsync(incarnation, version, operation));

    public ValueTask<bool> RotateAsync(string newKey, Guid incarnation, DateTimeOffset? deadline, SecretHash secret) =>
        script.CallAsync(Call(nameof(RotateAsync)), () => inner.RotateAsync(newKey, incarnation, deadline, secret));

    public ValueTask<SessionDescription?> DescribeAsync() => script.CallAsync(Call(nameof(DescribeAsync)), inner.DescribeAsync);

    public ValueTask<DateTimeOffset?> ExpireIfDueAsync(DateTimeOffset indexedDeadline) =>
        script.CallAsync(Call(nameof(ExpireIfDueAsync)), () => inner.ExpireIfDueAsync(indexedDeadline));

    private GrainCall Call(string method) => new(method, key);
}
