using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using OrleansSessions.Grains.Configuration;
using OrleansSessions.Grains.Events;
using OrleansSessions.Grains.Leases;
using OrleansSessions.Grains.Storage;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Sessions;

/// <summary>What all sessions of a silo share, in one object: whatever an activation holds itself, it holds a million times.</summary>
internal sealed class SessionSilo
{
    public SessionSilo(
        [FromKeyedServices(SessionGrainStorage.Name)] IGrainStorage storage,
        DeadlineIndex index,
        SessionEvents events,
        SessionMetrics metrics,
        SiloLease lease,
        FollowedView view,
        Predecessors predecessors,
        IGrainFactory grains,
        IOptions<SessionClusterOptions> options,
        ILocalSiloDetails silo,
        ILogger<LimitLog> limitLog)
    {
        Storage = storage;
        Index = index;
        Events = events;
        Metrics = metrics;
        Lease = lease;
        View = view;
        Predecessors = predecessors;
        Time = options.Value.TimeProvider;
        TombstoneGraceMs = (long)options.Value.TombstoneGrace.TotalMilliseconds;
        Name = silo.Name;
        Settlement = new SessionSettlement(events, metrics, grains);
        Rotation = new SessionRotation(grains, options.Value.TombstoneGrace);
        CommitTurn = new CommitTurn(Settlement, metrics, options.Value.Limits, events.HasHandlers, silo.Name, new LimitLog(Time, limitLog));
    }

    public IGrainStorage Storage { get; }

    public DeadlineIndex Index { get; }

    public SessionEvents Events { get; }

    public SessionMetrics Metrics { get; }

    public SiloLease Lease { get; }

    public FollowedView View { get; }

    public Predecessors Predecessors { get; }

    public TimeProvider Time { get; }

    public long TombstoneGraceMs { get; }

    public string Name { get; }

    public SessionSettlement Settlement { get; }

    public SessionRotation Rotation { get; }

    public CommitTurn CommitTurn { get; }
}
