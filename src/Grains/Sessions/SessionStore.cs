using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Configuration;
using OrleansSessions.Grains.Leases;
using OrleansSessions.Grains.Storage;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Sessions;

/// <summary>
/// The silo's way to the stored sessions: their states and index entries in Redis, read and claimed so that no earlier activation on another silo can still answer
/// for a session or overwrite it.
/// </summary>
internal sealed partial class SessionStore(
    [FromKeyedServices(SessionGrainStorage.Name)] IGrainStorage storage,
    DeadlineIndex index,
    SiloLease lease,
    FollowedView view,
    Predecessors predecessors,
    SessionMetrics metrics,
    IOptions<SessionClusterOptions> options,
    ILogger<SessionStore> logger)
{
    private const string StateName = "session";
    private static readonly TimeSpan HoldStep = TimeSpan.FromMilliseconds(50);

    public TimeProvider Time { get; } = options.Value.TimeProvider;

    /// <summary>Whether the silo may answer for its sessions now.</summary>
    public bool HasLease => lease.IsValid;

    /// <inheritdoc cref="SiloLease.Epoch"/>
    public int Epoch => lease.Epoch;

    /// <inheritdoc cref="SiloLease.EnsureAsync"/>
    public ValueTask EnsureLeaseAsync() => lease.EnsureAsync();

    public Task WriteAsync(StoredSession session) => storage.WriteStateAsync(StateName, session.Id, session);

    public Task ClearAsync(StoredSession session) => storage.ClearStateAsync(StateName, session.Id, session);

    /// <summary>Drops an index entry that no state belongs to.</summary>
    public Task UnscheduleAsync(StoredSession session, long indexedDeadlineMs) => index.RemoveAsync(session.Id.Key, indexedDeadlineMs);

    /// <summary>Sets the time at which the sweep asks the session next.</summary>
    public Task RescheduleAsync(StoredSession session, long dueMs) => index.RescheduleAsync(session.Id.Key, dueMs);

    /// <inheritdoc cref="FollowedView.ConfirmAsync"/>
    public Task ConfirmViewAsync() => view.ConfirmAsync();

    /// <summary>
    /// Reads what is there once no earlier activation can answer for the session any more. Where a write of one may still be on its way, the state is stored again
    /// under a new ETag: Redis then refuses that write, or has carried it out before.
    /// </summary>
    public async Task FindAsync(StoredSession session)
    {
        bool wasInDoubt = session.Knowledge == StateKnowledge.InDoubt;
        Task read = ReadAsync(session);
        await view.ConfirmAsync();
        await read;
        if (await WaitForPredecessorsAsync() || (!session.RecordExists && predecessors.MustClaim))
        {
            // What was not there can't be claimed, so it is looked for once more after the predecessor's lease has run out.
            await ReadAsync(session);
        }

        if (session.RecordExists && (wasInDoubt || session.IsCreationInDoubt || predecessors.MustClaim))
        {
            await ClaimAsync(session);
        }

        session.TakeOverFound();
    }

    /// <summary>Waits until no silo that was declared dead can hold a lease any more.</summary>
    /// <returns>Whether there was anything to wait for.</returns>
    public async ValueTask<bool> WaitForPredecessorsAsync()
    {
        bool waited = false;
        while (predecessors.Hold is var hold && hold > TimeSpan.Zero)
        {
            // In steps: a silo that finds itself dead says so, and need not be waited for.
            waited = true;
            await Task.Delay(hold < HoldStep ? hold : HoldStep);
        }

        return waited;
    }

    /// <summary>
    /// Gives a session that was made without a look an index entry that no silo which was declared dead can remove: a removal that is still on its way is that of an
    /// earlier session's deadline.
    /// </summary>
    public ValueTask ClaimIndexEntryAsync(StoredSession session) =>
        predecessors.MustClaim ? new(RescheduleAsync(session, session.State.IndexedDeadlineMs)) : ValueTask.CompletedTask;

    /// <summary>Counts a session into this silo's memory, or out of it.</summary>
    public void Count(bool active)
    {
        if (active)
        {
            metrics.Activated();
        }
        else
        {
            metrics.Deactivated();
        }
    }

    /// <summary>Logs a failure that nobody is told of, because what failed is made up for later.</summary>
    public void LogPutOff(StoredSession session, string what, Exception exception)
    {
        if (logger.IsEnabled(LogLevel.Debug))
        {
            LogPutOff(logger, new SessionKey(session.Key).Short, what, exception.Message);
        }
    }

    [LoggerMessage(241, LogLevel.Debug, "{What} of the session {Session} failed and is put off: {Reason}")]
    private static partial void LogPutOff(ILogger logger, string session, string what, string reason);

    private Task ReadAsync(StoredSession session) => storage.ReadStateAsync(StateName, session.Id, session);

    private async Task ClaimAsync(StoredSession session)
    {
        session.PrepareClaim();
        try
        {
            await WriteAsync(session);
        }
        catch (InconsistentStateException)
        {
            // A late write came first: it is what is there now.
            await ReadAsync(session);
            session.PrepareClaim();
            if (session.RecordExists)
            {
                await WriteAsync(session);
            }
        }
    }
}
