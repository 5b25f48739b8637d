using Microsoft.Extensions.Logging;
using OrleansSessions.Connectivity.Redis;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Leases;

/// <summary>
/// Keeper of the silo's lease. Several times a second it renews its stamp in Redis and looks for its own entry in the membership table. While Redis does not answer, it
/// asks its peers. If it finds itself declared dead, it ends the process.
/// </summary>
internal sealed partial class LeaseKeeper : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    /// <summary>How long to wait for Redis before asking the peers; a lease covers more than two such attempts.</summary>
    private static readonly TimeSpan StoragePatience = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan LeavePatience = TimeSpan.FromMilliseconds(400);

    /// <summary>Maximum age of a reply from Redis that proves it reachable.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(400);

    /// <summary>Stops after the silo has deactivated its sessions and before its entry in the membership table is marked dead.</summary>
    private const int Stage = ServiceLifecycleStage.RuntimeInitialize + 2;

    private const string DeclaredDead = "The cluster declared it dead after it was frozen, cut off or overloaded for too long. Other silos take over its sessions.";

    private static readonly TimeSpan TidyPeriod = TimeSpan.FromMinutes(1);

    private readonly SiloLease _lease;
    private readonly LeaseTable _table;
    private readonly StampHistory _history;
    private readonly Predecessors _predecessors;
    private readonly PeerWatch _watch;
    private readonly PeerConfirmation _confirmation;
    private readonly FollowedView _view;
    private readonly IClusterMembershipService _membership;
    private readonly ILocalSiloDetails _local;
    private readonly IFatalErrorHandler _fatal;
    private readonly RedisConnection _redis;
    private readonly LeaseMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<LeaseKeeper> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _wanted = new(0, 1);

    private Task _keeping = Task.CompletedTask;
    private long _lastAnswer;
    private long _lastConfirmed;
    private long _lastTidied;
    private long _lastStamp;
    private bool _wasListed;
    private bool _isAway;
    private bool _isDeclaredDead;

    public LeaseKeeper(
        SiloLease lease,
        LeaseTable table,
        StampHistory history,
        Predecessors predecessors,
        PeerWatch watch,
        PeerConfirmation confirmation,
        FollowedView view,
        IClusterMembershipService membership,
        ILocalSiloDetails local,
        IFatalErrorHandler fatal,
        RedisConnection redis,
        LeaseMetrics metrics,
        TimeProvider time,
        ILogger<LeaseKeeper> logger)
    {
        _lease = lease;
        _table = table;
        _history = history;
        _predecessors = predecessors;
        _watch = watch;
        _confirmation = confirmation;
        _view = view;
        _membership = membership;
        _local = local;
        _fatal = fatal;
        _redis = redis;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _lease.Wanted += Wake;
    }

    /// <summary>Whether Redis has answered this silo a moment ago.</summary>
    public bool CanReachStorage => Volatile.Read(ref _lastAnswer) is > 0 and var answer && _time.GetElapsedTime(answer) < Fresh;

    private SiloStatus OwnStatus => _membership.CurrentSnapshot.GetSiloStatus(_local.SiloAddress);

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe<LeaseKeeper>(Stage, StartAsync, StopAsync);

    public void Dispose()
    {
        _lease.Wanted -= Wake;
        _stopping.Dispose();
        _wanted.Dispose();
    }

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _keeping = Task.Run(() => KeepAsync(_stopping.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Removes the stamp: the silo has deactivated its sessions, so the others need not wait for its lease. Skipped in an ungraceful stop.</summary>
    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _lease.Revoke();
        if (!cancellationToken.IsCancellationRequested)
        {
            await LeaveAsync();
        }
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && _lease.Standing != LeaseStanding.Revoked)
        {
            await ConfirmAsync();
            _lease.EndAttempt();
            Task wanted = _wanted.WaitAsync(Period, cancellationToken);
            await wanted.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Wake()
    {
        try
        {
            if (_wanted.CurrentCount == 0)
            {
                _wanted.Release();
            }
        }
        catch (SemaphoreFullException)
        {
            // Another call released it first; the attempt starts anyway.
        }
    }

    private async Task ConfirmAsync()
    {
        long asked = _time.GetTimestamp();
        try
        {
            LeaseReading reading = await _table.StampAsync().WaitAsync(StoragePatience, _time);
            Volatile.Write(ref _lastAnswer, _time.GetTimestamp());
            await ConsiderAsync(reading, asked);
            if (_isAway)
            {
                _isAway = false;
                LogStorageBack(_logger);
            }
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            // Continue after any failure: without another attempt, the silo would never answer again.
            _redis.ReportFailure(exception);
            if (!_isAway)
            {
                _isAway = true;
                LogStorageAway(_logger, LeaseTable.IsFailure(exception) ? null : exception, exception.Message);
            }

            await AskPeersAsync();
        }
    }

    private async Task ConsiderAsync(LeaseReading reading, long asked)
    {
        ClusterMembershipSnapshot snapshot = _membership.CurrentSnapshot;
        if (!reading.IsListed)
        {
            // A joining silo has seen by then that a dead one no longer renews its lease, and need not wait for it.
            _history.Look(reading.Stamps);
            if (_wasListed)
            {
                await EndAsync("Its entry is missing from the membership table: Redis was emptied, rolled back, or restored. Changes acknowledged since then are lost.");
            }

            return;
        }

        if (_wasListed && reading.Version < _view.Version)
        {
            await EndAsync(
                "The membership table is older than what this silo has read from it: Redis was rolled back or restored. Changes acknowledged since then are lost.");
            return;
        }

        if (reading.Version > snapshot.Version.Value)
        {
            await _membership.Refresh(new MembershipVersion(reading.Version), _stopping.Token).AsTask().WaitAsync(StoragePatience, _time);
            snapshot = _membership.CurrentSnapshot;
        }

        if (snapshot.GetSiloStatus(_local.SiloAddress) is SiloStatus.Dead)
        {
            await EndAsync(DeclaredDead);
            return;
        }

        if (_lastStamp > 0 && reading.Stamp <= _lastStamp)
        {
            _lease.BeginEpoch();
            _metrics.StorageLost();
            LogStorageLost(_logger);
        }

        bool isNewView = snapshot.Version.Value != _view.Version;
        IReadOnlyDictionary<string, long> stamps = isNewView ? await _table.ReadStampsAsync().WaitAsync(StoragePatience, _time) : reading.Stamps;
        _history.Look(stamps);
        _predecessors.Follow(snapshot, stamps);
        _view.Version = snapshot.Version.Value;
        _wasListed = true;
        _lastStamp = reading.Stamp;
        _lastConfirmed = asked;
        _lease.Extend(asked);
        _metrics.Attempted("redis");
        await _watch.LookAsync(snapshot);
        await TidyAsync(snapshot);
    }

    private async Task TidyAsync(ClusterMembershipSnapshot snapshot)
    {
        if (_time.GetElapsedTime(_lastTidied) > TidyPeriod)
        {
            _lastTidied = _time.GetTimestamp();
            if (_predecessors.FindObsolete(snapshot) is { Count: > 0 } obsolete)
            {
                await _table.ForgetAsync(obsolete).WaitAsync(StoragePatience, _time);
            }
        }
    }

    private async Task AskPeersAsync()
    {
        if (OwnStatus is SiloStatus.Dead)
        {
            await EndAsync(DeclaredDead);
            return;
        }

        long asked = _time.GetTimestamp();
        PeerVerdict verdict = await _confirmation.AskAsync(_membership.CurrentSnapshot, _time.GetElapsedTime(_lastConfirmed));
        if (verdict == PeerVerdict.Dead)
        {
            await EndAsync("According to another silo it was declared dead while it could not reach Redis. Other silos take over its sessions.");
        }
        else if (_wasListed && (verdict is PeerVerdict.Promised or PeerVerdict.Alone))
        {
            _metrics.Attempted(verdict == PeerVerdict.Alone ? "alone" : "peers");
            _lease.Extend(asked);
        }
        else
        {
            _metrics.Attempted("failed");
            _lease.Fail(verdict == PeerVerdict.Contested ? LeaseStanding.Contested : LeaseStanding.StorageAway);
        }
    }

    /// <summary>Stops answering at once, tells the other silos, and ends the process, unless the silo is leaving anyway.</summary>
    private async Task EndAsync(string reason)
    {
        _isDeclaredDead = true;
        _lease.Revoke();
        if (OwnStatus is SiloStatus.ShuttingDown or SiloStatus.Stopping || _stopping.IsCancellationRequested)
        {
            return;
        }

        LogEnds(_logger, reason);
        await LeaveAsync();
        _fatal.OnFatalException(this, reason, null);
    }

    private async Task LeaveAsync()
    {
        try
        {
            await (_isDeclaredDead ? _table.StopAsync() : _table.LeaveAsync()).WaitAsync(LeavePatience, _time);
        }
        catch (Exception exception) when (LeaseTable.IsFailure(exception))
        {
            LogNotLeft(_logger, exception.Message);
        }
    }

    [LoggerMessage(250, LogLevel.Critical, "This silo is exiting. {Reason}")]
    private static partial void LogEnds(ILogger logger, string reason);

    [LoggerMessage(
        251,
        LogLevel.Error,
        "Redis has lost the latest renewals of this silo's lease: it was rolled back, or a replica that lagged behind has become the primary. "
        + "Sessions are read again; changes acknowledged shortly before may be lost.")]
    private static partial void LogStorageLost(ILogger logger);

    [LoggerMessage(252, LogLevel.Warning, "The silo's lease can't be confirmed in Redis; asking the other silos. {Reason}")]
    private static partial void LogStorageAway(ILogger logger, Exception? exception, string reason);

    [LoggerMessage(253, LogLevel.Information, "The silo's lease is confirmed in Redis again.")]
    private static partial void LogStorageBack(ILogger logger);

    [LoggerMessage(255, LogLevel.Debug, "The silo's stamp could not be removed; other silos wait until its lease has expired. {Reason}")]
    private static partial void LogNotLeft(ILogger logger, string reason);
}
