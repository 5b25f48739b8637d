using System.Diagnostics;
using System.Diagnostics.Metrics;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Telemetry;

/// <summary>Instruments of the silo's sessions. Their tags have fixed sets of values.</summary>
internal sealed class SessionMetrics
{
    private readonly Counter<long> _loads;
    private readonly Counter<long> _commits;
    private readonly Histogram<double> _commitDuration;
    private readonly Counter<long> _lateWrites;
    private readonly Counter<long> _tokensRefused;
    private readonly Counter<long> _created;
    private readonly Counter<long> _ended;
    private readonly Histogram<double> _lockWait;
    private long _active;
    private long _createdTotal;
    private long _endedTotal;
    private long _committedTotal;

    public SessionMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(SessionTelemetry.MeterName);
        _loads = meter.CreateCounter<long>("orleans_sessions.loads", "{load}", "Answered loads.");
        _commits = meter.CreateCounter<long>("orleans_sessions.commits", "{commit}", "Answered commits.");
        _commitDuration = meter.CreateHistogram(
            "orleans_sessions.commit.duration", "s", "From a commit's arrival at its session to the answer.", tags: null, SessionTelemetry.Duration);
        _lateWrites = meter.CreateCounter<long>("orleans_sessions.late_writes", "{write}", "Writes refused because the session they are based on has ended.");
        _tokensRefused = meter.CreateCounter<long>("orleans_sessions.tokens_refused", "{token}", "Calls refused because of the secret that they did or did not present.");
        _created = meter.CreateCounter<long>("orleans_sessions.sessions.created", "{session}", "Created sessions.");
        _ended = meter.CreateCounter<long>("orleans_sessions.sessions.ended", "{session}", "Ended sessions.");
        _lockWait = meter.CreateHistogram("orleans_sessions.lock.wait.duration", "s", "From requesting a session's lock to the answer.", tags: null, SessionTelemetry.Duration);

        // Observed rather than accumulated by the listener, so that a late listener gets the right number too.
        meter.CreateObservableUpDownCounter("orleans_sessions.sessions.active", () => Interlocked.Read(ref _active), "{session}", "Sessions in this silo's memory.");
    }

    /// <summary>Returns the counts since the silo started.</summary>
    public SiloStatistics Count(string silo) => new()
    {
        Silo = silo,
        HasAnswered = true,
        InMemory = Interlocked.Read(ref _active),
        Created = Interlocked.Read(ref _createdTotal),
        Ended = Interlocked.Read(ref _endedTotal),
        Commits = Interlocked.Read(ref _committedTotal),
    };

    public void Activated() => Interlocked.Increment(ref _active);

    public void Deactivated() => Interlocked.Decrement(ref _active);

    public void Loaded(string outcome) => _loads.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Committed(string outcome, long started)
    {
        Interlocked.Increment(ref _committedTotal);
        _commits.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        if (_commitDuration.Enabled)
        {
            _commitDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
    }

    public void LateWriteRefused(string operation) => _lateWrites.Add(1, new KeyValuePair<string, object?>("operation", operation));

    public void TokenRefused(SecretStanding standing) => _tokensRefused.Add(1, new KeyValuePair<string, object?>("reason", Outcomes.Of(standing)));

    public void Created()
    {
        Interlocked.Increment(ref _createdTotal);
        _created.Add(1);
    }

    public void Ended(EndReason reason)
    {
        Interlocked.Increment(ref _endedTotal);
        _ended.Add(1, new KeyValuePair<string, object?>("reason", Outcomes.Of(reason)));
    }

    public void LockAnswered(bool acquired, long started)
    {
        if (_lockWait.Enabled)
        {
            _lockWait.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("outcome", acquired ? "acquired" : "refused"));
        }
    }
}
