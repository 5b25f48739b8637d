using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using System.Text;
using OrleansSessions.Contracts;

namespace OrleansSessions.Bench.GrowthSilo;

/// <summary>Endpoints for the runner. They call the grains inside the silo, to measure the cluster rather than the path to it.</summary>
internal static class GrowthEndpoints
{
    private const int Parallelism = 256;
    private const int EntryCount = 4;
    private const int EntryBytes = 100;

    public static void MapGrowth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/fill", static (IGrainFactory grains, int from, int count, int idleSeconds) =>
            TimeAsync(from, count, key => CreateAsync(grains, key, TimeSpan.FromSeconds(idleSeconds))));

        endpoints.MapPost("/load", static (IGrainFactory grains, int from, int count) =>
            TimeAsync(from, count, key => LoadAsync(grains, key)));

        endpoints.MapPost("/remind", RemindAsync);

        endpoints.MapGet("/fired", static (FiredReminders fired) => fired.Count);

        endpoints.MapPost("/advance", static (AdvancingClock clock, int seconds) => clock.Advance(TimeSpan.FromSeconds(seconds)));

        // Compact the heap and return free memory, so that only live objects are measured.
        endpoints.MapPost("/collect", static () =>
        {
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            return GC.GetTotalMemory(forceFullCollection: false);
        });
    }

    /// <returns>The elapsed seconds.</returns>
    private static async Task<double> TimeAsync(int from, int count, Func<string, ValueTask> act)
    {
        long started = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(from, from + count, new ParallelOptions { MaxDegreeOfParallelism = Parallelism }, (i, _) => act(KeyOf(i)));
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    // Allocate names and values for each session, as if they arrived over a connection.
    private static async ValueTask CreateAsync(IGrainFactory grains, string key, TimeSpan idleTimeout)
    {
        var changes = ImmutableArray.CreateBuilder<SessionChange>(EntryCount + 1);
        changes.Add(SessionChange.Set(new string("counter"), "0"u8.ToArray()));
        for (int i = 0; i < EntryCount; i++)
        {
            changes.Add(SessionChange.Set(string.Create(CultureInfo.InvariantCulture, $"entry{i}"), Encoding.ASCII.GetBytes(new string('x', EntryBytes))));
        }

        CommitResult result = await grains.GetGrain<ISessionGrain>(key).CommitAsync(new SessionCommit
        {
            OperationId = Guid.NewGuid(),
            Changes = changes.MoveToImmutable(),
            NewSession = new SessionLifetime { IdleTimeout = idleTimeout },
        });
        if (result.Outcome != CommitOutcome.Applied)
        {
            throw new InvalidOperationException($"Creating a session returned {result.Outcome}.");
        }
    }

    private static async ValueTask LoadAsync(IGrainFactory grains, string key)
    {
        LoadResult result = await grains.GetGrain<ISessionGrain>(key).LoadAsync(touch: false);
        if (result.Snapshot is not { Entries.Length: EntryCount + 1 })
        {
            throw new InvalidOperationException("A stored session is missing or incomplete.");
        }
    }

    /// <returns>The number of reminders registered within the time limit. All are due at one moment, or at once if that has passed.</returns>
    private static async Task<int> RemindAsync(IGrainFactory grains, int count, int dueSeconds, int limitSeconds)
    {
        long started = Stopwatch.GetTimestamp();
        int registered = 0;
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Parallelism }, async (i, _) =>
        {
            TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
            if (elapsed.TotalSeconds < limitSeconds)
            {
                TimeSpan due = TimeSpan.FromSeconds(Math.Max(dueSeconds - elapsed.TotalSeconds, 1));
                await grains.GetGrain<IRemindedGrain>(KeyOf(i)).ExpireInAsync(due);
                Interlocked.Increment(ref registered);
            }
        });
        return registered;
    }

    private static string KeyOf(int number) =>
        SessionToken.TryParse(number.ToString("D43", CultureInfo.InvariantCulture), out SessionToken token)
            ? SessionKey.For("growth", token).Value
            : throw new ArgumentOutOfRangeException(nameof(number));
}
