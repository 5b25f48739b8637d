using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Configuration;
using OrleansSessions.Grains.Leases;
using OrleansSessions.Grains.Storage;

namespace OrleansSessions.Grains.Sessions;

/// <summary>
/// Access of the silo to stored sessions: states and index entries in Redis, read and claimed so that no earlier activation on another silo can still answer for
/// a session or overwrite it.
/// </summary>
internal sealed partial class SessionStore(
    [FromKeyedServices(SessionGrainStorage.Name)] IGrainStorage storage,
    DeadlineIndex index,
    SiloLease lease,
    FollowedView view,
    Predecessors predecessors,
    TakeOver takeOver,
    ActiveSessions sessions,
    IOptions<SessionClusterOptions> options,
    ILogger<SessionStore> logger)
{
    /// <summary>The name of a session's state for its storage.</summary>
    public const string StateName = "session";

    /// <summary>A death may be known late, for example while Redis is away.</summary>
    private static readonly long LongestLateCreationMs = 2 * (long)Predecessors.ClaimWindow.TotalMilliseconds;

    public TimeProvider Time { get; } = options.Value.TimeProvider;

    /// <summary>The shortest time for which an ended session leaves a tombstone.</summary>
    public long TombstoneGraceMs { get; } = options.Value.TombstoneGraceMs;

    /// <summary>
    /// Until when a dead silo's first write of a session may arrive. A missing state would let it through, so the session leaves a tombstone until then. Bounded by the
    /// session's age, because that write belongs to a commit from before the creation, and silos may die again and again.
    /// </summary>
    /// <param name="createdAtMs">When the session was created.</param>
    /// <param name="nowMs">The time, which is the result if no silo has died recently.</param>
    public long LateCreationUntilMs(long createdAtMs, long nowMs) => predecessors.ClaimTime is var left && left > TimeSpan.Zero
        ? Math.Min(nowMs + (long)Math.Ceiling(left.TotalMilliseconds), createdAtMs + LongestLateCreationMs)
        : nowMs;

    /// <summary>
    /// How long reads of a session's published state may go on without a message to its grain. A fraction of the time after which Orleans ends an activation without
    /// messages.
    /// </summary>
    public long LongestSilenceMs { get; } = (long)options.Value.ActivationIdleTime.TotalMilliseconds / 4;

    /// <summary>Whether the silo may answer for its sessions now.</summary>
    public bool HasLease => lease.IsValid;

    /// <inheritdoc cref="SiloLease.Epoch"/>
    public int Epoch => lease.Epoch;

    /// <inheritdoc cref="SiloLease.EnsureAsync"/>
    public ValueTask EnsureLeaseAsync() => lease.EnsureAsync();

    public Task WriteAsync(StoredSession session) => storage.WriteStateAsync(StateName, session.Id, session);

    public Task ClearAsync(StoredSession session) => storage.ClearStateAsync(StateName, session.Id, session);

    /// <summary>Removes an index entry without a state.</summary>
    public Task UnscheduleAsync(StoredSession session, long indexedDeadlineMs) => index.RemoveAsync(session.Id.Key, indexedDeadlineMs);

    /// <summary>Sets when the sweep asks the session next.</summary>
    public Task RescheduleAsync(StoredSession session, long dueMs) => index.RescheduleAsync(session.Id.Key, dueMs);

    /// <inheritdoc cref="FollowedView.ConfirmAsync"/>
    public Task ConfirmViewAsync() => view.ConfirmAsync();

    /// <inheritdoc cref="TakeOver.ReadAsync"/>
    public async Task FindAsync(StoredSession session)
    {
        await takeOver.ReadAsync(storage, StateName, session.Id, session);
        session.TakeOverFound();
    }

    /// <inheritdoc cref="TakeOver.WaitForPredecessorsAsync"/>
    public ValueTask<bool> WaitForPredecessorsAsync() => takeOver.WaitForPredecessorsAsync();

    /// <summary>
    /// Gives a session that was created without a read an index entry that no dead silo can remove: a removal still in flight names an earlier session's deadline.
    /// </summary>
    public ValueTask ClaimIndexEntryAsync(StoredSession session) =>
        predecessors.MustClaim ? new(RescheduleAsync(session, session.State.IndexedDeadlineMs)) : ValueTask.CompletedTask;

    /// <summary>Counts a session as active in this silo's memory, or no longer.</summary>
    public void Count(StoredSession session, bool active)
    {
        if (active)
        {
            sessions.Add(session);
        }
        else
        {
            sessions.Remove(session);
        }
    }

    /// <summary>Logs a failure that no caller sees, because the failed work is repeated later.</summary>
    public void LogPutOff(StoredSession session, string what, Exception exception)
    {
        if (logger.IsEnabled(LogLevel.Debug))
        {
            LogPutOff(logger, new SessionKey(session.Key).Short, what, exception.Message);
        }
    }

    [LoggerMessage(241, LogLevel.Debug, "{What} of the session {Session} failed and is put off: {Reason}")]
    private static partial void LogPutOff(ILogger logger, string session, string what, string reason);
}
