using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Configuration;
using OrleansSessions.Grains.Events;
using OrleansSessions.Grains.Leases;
using OrleansSessions.Grains.Storage;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Sessions;

/// <summary>
/// Creation of sessions without an activation: one write that Redis refuses if there is a state. So the session's grain, which may run on another silo for a retry of the
/// same commit, finds the stored operation, or wins and this write is refused.
/// </summary>
internal sealed class SessionCreation(
    [FromKeyedServices(SessionGrainStorage.Name)] IGrainStorage storage,
    CommitAnswers answers,
    SessionEvents events,
    SiloLease lease,
    SessionMetrics metrics,
    IOptions<SessionClusterOptions> options) : INewSessions
{
    private static readonly GrainType SessionType = GrainType.Create(SessionGrain.TypeName);

    public ValueTask<CommitResult?> TryCreateAsync(string sessionKey, SessionCommit commit)
    {
        ArgumentException.ThrowIfNullOrEmpty(sessionKey);
        CommitValidation.Validate(commit);
        return events.HasHandlers ? ValueTask.FromResult<CommitResult?>(null) : StoreAsync(GrainId.Create(SessionType, sessionKey), commit);
    }

    private async ValueTask<CommitResult?> StoreAsync(GrainId session, SessionCommit commit)
    {
        long started = Stopwatch.GetTimestamp();
        await lease.EnsureAsync();
        long now = options.Value.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        var pending = new PendingCommit(commit);
        if (answers.TryCreate(pending, now) is not { } created)
        {
            return null;
        }

        string? outcome = Outcomes.Error;
        using Activity? span = CommitTurn.StartSpan(1);
        try
        {
            created = created with { LastUsedAtMs = now, IndexedDeadlineMs = created.DeadlineMs(now) };
            await storage.WriteStateAsync(SessionStore.StateName, session, new NewSession(created));
            metrics.Created();
            await lease.EnsureAsync();
            outcome = Outcomes.Of(CommitOutcome.Applied);
            return answers.Applied(created, created.IndexedDeadlineMs, pending.Operation!.Value, commit);
        }
        catch (InconsistentStateException)
        {
            // The grain counts the commit.
            outcome = null;
            return null;
        }
        catch (Exception exception)
        {
            outcome = Outcomes.Of(exception);
            throw;
        }
        finally
        {
            if (outcome is not null)
            {
                metrics.Committed(outcome, started);
            }
        }
    }
}
