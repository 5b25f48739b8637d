using Microsoft.Extensions.Time.Testing;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Events;

namespace OrleansSessions.Grains.Tests.Expiry;

/// <summary>All silos stop or die, and others start later on the same store.</summary>
public sealed class RestartTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly RecordingHandler _handler = new();
    private GarnetStore? _store;

    private GarnetStore Store => _store ?? throw new InvalidOperationException("The store is not started.");

    public async ValueTask InitializeAsync() => _store = await GarnetStore.StartAsync(SessionTestCluster.ServiceId);

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    [Fact]
    public async Task Restart_SilosStoppedAndOthersStarted_FindTheSessionsAndSweepByThemselves()
    {
        string living = SessionTestCluster.NewKey();
        string expired = SessionTestCluster.NewKey();
        string destroyed = SessionTestCluster.NewKey();
        CommitResult created, ended;
        await using (SessionTestCluster first = await SessionTestCluster.StartAsync(Store, _clock, _handler))
        {
            var day = new SessionLifetime { IdleTimeout = TimeSpan.FromDays(1) };
            created = await first.Frontend.CommitAsync(living, Commit.Creating(day, Entries.Set("a", "1")));
            ended = await first.Frontend.ApplyAsync(expired, Entries.Set("cart", "3 apples"));
            Guid gone = (await first.Frontend.ApplyAsync(destroyed, Entries.Set("a", "1"))).Incarnation;
            await first.Frontend.DestroyAsync(destroyed);
            await Eventually.TrueAsync("the end is announced", () => _handler.Ended(gone).Count == 1);
            Assert.Empty(_handler.Ended(ended.Incarnation));
        }

        _clock.Advance(TimeSpan.FromMinutes(20));
        await using SessionTestCluster second = await SessionTestCluster.StartAsync(Store, _clock, _handler);

        // The expired session is never used again: the new silos' own sweep finds it.
        Assert.Equal(["a=1"], (await second.Frontend.SnapshotAsync(living)).Entries.Text());
        Assert.Equal(created.ExpiresAt, (await second.Frontend.SnapshotAsync(living)).ExpiresAt);
        await Eventually.TrueAsync("the expired session has left Redis", async () => !await Store.HasTraceAsync(expired));
        await Eventually.TrueAsync("the tombstone has left Redis", async () => !await Store.HasTraceAsync(destroyed));
        Assert.Equal(["cart=3 apples"], Assert.Single(_handler.Ended(ended.Incarnation)).Entries.Text());
        Assert.Single(_handler.Created(ended.Incarnation));
        Assert.Empty(_handler.Ended(created.Incarnation));
    }

    [Fact]
    public async Task Kill_SiloWithSessions_LosesNothingAcknowledged()
    {
        await using SessionTestCluster cluster = await SessionTestCluster.StartAsync(Store, _clock, _handler);
        var victim = cluster.Silos[1];
        Frontend frontend = cluster.StubbornFrontend;
        string[] keys = [.. Enumerable.Range(0, 40).Select(_ => SessionTestCluster.NewKey())];
        foreach (string key in keys)
        {
            await frontend.ApplyAsync(key, SessionChange.Add("n", 1));
        }

        List<string> onVictim = [];
        foreach (string key in keys)
        {
            if ((await frontend.SnapshotAsync(key, touch: true)).Silo == victim.Name)
            {
                onVictim.Add(key);
            }
        }

        Assert.NotEmpty(onVictim);
        long[] acknowledged = new long[keys.Length];
        using var stop = new CancellationTokenSource();
        Task[] writers = [.. keys.Select(async (key, i) =>
        {
            // Without pauses, the writers would leave the silos no time to find the dead one.
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            while (!stop.IsCancellationRequested)
            {
                acknowledged[i] = (await frontend.ApplyAsync(key, SessionChange.Add("n", 1))).Numbers[0];
                await pause.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }
        })];
        await Eventually.TrueAsync("every session was committed to", () => Failed(writers) || acknowledged.All(static n => n > 1));

        await cluster.KillAsync(victim);
        long[] before = [.. acknowledged];
        await Eventually.TrueAsync(
            "every session is committed to again", () => Failed(writers) || acknowledged.Zip(before).All(static pair => pair.First > pair.Second + 1));
        await stop.CancelAsync();
        await Task.WhenAll(writers);

        for (int i = 0; i < keys.Length; i++)
        {
            // At least what was acknowledged and at most what was sent: no commit was lost, and none applied twice.
            SessionSnapshot session = await frontend.SnapshotAsync(keys[i]);
            Assert.NotEqual(victim.Name, session.Silo);
            Assert.Equal($"{acknowledged[i]}", session.Text("n"));
            Assert.Equal(acknowledged[i], session.Version);
        }
    }

    [Fact]
    public async Task Stop_OneSiloGracefully_KeepsTouchesAndAnnouncesNothing()
    {
        await using SessionTestCluster cluster = await SessionTestCluster.StartAsync(Store, _clock, _handler);
        var leaving = cluster.Silos[1];
        Frontend frontend = cluster.Frontend;
        string[] keys = [.. Enumerable.Range(0, 20).Select(_ => SessionTestCluster.NewKey())];
        var incarnations = new Guid[keys.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            incarnations[i] = (await frontend.ApplyAsync(keys[i], Entries.Set("a", "1"))).Incarnation;
        }

        await Eventually.TrueAsync("all creations are announced", () => incarnations.All(incarnation => _handler.Created(incarnation).Count == 1));
        _clock.Advance(TimeSpan.FromSeconds(50));
        DateTimeOffset[] deadlines = await Task.WhenAll(keys.Select(async key => (await frontend.SnapshotAsync(key, touch: true)).ExpiresAt));

        await cluster.StopAsync(leaving);

        for (int i = 0; i < keys.Length; i++)
        {
            Assert.Equal(deadlines[i], (await frontend.SnapshotAsync(keys[i])).ExpiresAt);
            Assert.Single(_handler.Created(incarnations[i]));
            Assert.Empty(_handler.Ended(incarnations[i]));
        }
    }

    /// <summary>Does not wait for a failed writer: its exception fails the test.</summary>
    private static bool Failed(Task[] writers) => Array.Exists(writers, static writer => writer.IsFaulted);
}
