using System.Collections.Concurrent;
using System.Globalization;
using OrleansSessions.Faults.Tests.Cluster;

namespace OrleansSessions.Faults.Tests.Workloads;

/// <summary>
/// Load on a number of sessions at a bounded pace. Some live through the whole run; the others are short, and each that ends is replaced and read until the run
/// ends.
/// </summary>
internal sealed class Workload : IAsyncDisposable
{
    private const int BrowsedSlots = 14;
    private const int KeySlots = 12;
    private const int LockSlots = 4;
    private const int RotatedSlots = 4;

    /// <summary>One slot in this many has a session that never ends.</summary>
    private const int LongLivedEvery = 3;
    private const int MaxGhosts = 60;

    private readonly RequestLog _log = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Subject> _subjects = new();
    private readonly ConcurrentQueue<Task> _ghosts = new();
    private readonly FaultCluster _cluster;
    private readonly HttpDoor _door;
    private readonly Random _random;
    private readonly Task _work;
    private readonly Pace _pace = new();
    private int _started;

    private Workload(FaultCluster cluster, int seed)
    {
        _cluster = cluster;
        _random = new Random(seed);
        _door = new HttpDoor(cluster.Frontends, _log);
        _work = Task.WhenAll(Enumerable.Range(0, BrowsedSlots + KeySlots + LockSlots + RotatedSlots).Select(slot => Task.Run(() => FillAsync(slot))));
    }

    /// <summary>Whether clients currently only read.</summary>
    public bool IsReadOnly
    {
        get => _pace.IsReadOnly;
        set => _pace.IsReadOnly = value;
    }

    public RequestLog Log => _log;

    public IReadOnlyCollection<Subject> Subjects => _subjects;

    public static Workload Start(FaultCluster cluster, int seed) => new(cluster, seed);

    /// <summary>Stops all clients, waits for their answers, and reads every session over each path.</summary>
    public async Task FinishAsync()
    {
        await _stop.CancelAsync();
        await _work;
        await Task.WhenAll(_ghosts);
        await Parallel.ForEachAsync(_subjects, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (subject, _) => await subject.FinishAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        await Task.WhenAll(_ghosts);
        foreach (IDisposable subject in _subjects.OfType<IDisposable>())
        {
            subject.Dispose();
        }

        _door.Dispose();
        _stop.Dispose();
    }

    private async Task FillAsync(int slot)
    {
        while (!_stop.IsCancellationRequested)
        {
            Subject subject = Create(slot);
            _subjects.Enqueue(subject);
            await subject.UseAsync(_stop.Token);
            if (_ghosts.Count < MaxGhosts)
            {
                _ghosts.Enqueue(subject.HauntAsync(_stop.Token));
            }
        }
    }

    private Subject Create(int slot)
    {
        int number = Interlocked.Increment(ref _started);
        lock (_random)
        {
            TimeSpan life = slot % LongLivedEvery == 0 ? TimeSpan.FromDays(1) : TimeSpan.FromMilliseconds(3_000 + _random.Next(9_000));
            return slot switch
            {
                < BrowsedSlots => new BrowsedSession(Numbered("http", number), _random.Next(), _pace, _door, life),
                < BrowsedSlots + KeySlots => new RedisKey(Numbered("key", number), _random.Next(), _pace, _cluster.Silos, _log, life),
                < BrowsedSlots + KeySlots + LockSlots => new RedisLock(Numbered("lock", number), _random.Next(), _pace, _cluster.Silos, _log),
                _ => new RotatedSession(Numbered("rotated", number), _random.Next(), _pace, _door, isStolen: slot % 2 == 0),
            };
        }
    }

    private static string Numbered(string kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{number}");
}
