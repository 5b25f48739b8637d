using System.Diagnostics;
using CsCheck;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Events;
using OrleansSessions.Grains.Tests.Storage;

namespace OrleansSessions.Grains.Tests.Sessions;

/// <summary>
/// Random session lifecycles on a storage that randomly loses requests and answers. Invariants: each commit is applied once, the sweep finds every stored state in
/// time, and in the end the handlers have been called and Redis is empty.
/// </summary>
[Collection(typeof(EventClusterCollection))]
public sealed class UnreliableStorageTests(EventClusterFixture fixture)
{
    private const int Lives = 60;
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly RecordingHandler _handler = fixture.Cluster.Handler!;

    private enum Step
    {
        Commit,
        Load,
        Refresh,
        Advance,
        AdvanceFar,
        Sweep,
        Deactivate,
        Rotate,
        Destroy,
    }

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (8, Gen.Const(Step.Commit)),
        (3, Gen.Const(Step.Load)),
        (1, Gen.Const(Step.Refresh)),
        (4, Gen.Const(Step.Advance)),
        (1, Gen.Const(Step.AdvanceFar)),
        (3, Gen.Const(Step.Sweep)),
        (2, Gen.Const(Step.Deactivate)),
        (2, Gen.Const(Step.Rotate)),
        (1, Gen.Const(Step.Destroy)));

    [Fact]
    public Task Session_AnyLifeOnUnreliableStorage_KeepsItsPromises() =>
        Gen.Select(Steps.Array[1, 30], Gen.Int).SampleAsync(LiveAsync, iter: Lives, threads: 1);

    private async Task LiveAsync(Step[] steps, int seed)
    {
        var life = new Life();
        life.Keys.Add(SessionTestCluster.NewKey());
        Misbehave(life.Key, seed);
        foreach (Step step in steps)
        {
            await DoAsync(step, life, seed);
            await AssertFoundBySweepAsync(life);
        }

        await EndAsync(life);
    }

    private async Task DoAsync(Step step, Life life, int seed)
    {
        switch (step)
        {
            case Step.Commit:
                CommitResult result = await UntilAnsweredAsync(life, Commit.Of(SessionChange.Add("n", 1)), _frontend.CommitAsync);
                Assert.Equal(CommitOutcome.Applied, result.Outcome);
                life.Committed(result);
                break;
            case Step.Load:
                if ((await UntilAnsweredAsync(life, true, _frontend.LoadAsync)).Snapshot is { } loaded)
                {
                    Assert.Equal(life.Incarnations[^1], loaded.Incarnation);
                    Assert.Equal($"{life.Count}", loaded.Text("n"));
                }

                break;
            case Step.Refresh:
                await UntilAnsweredAsync(life, 0, (key, _) => _frontend.RefreshAsync(key));
                break;
            case Step.Advance:
                _cluster.Clock.Advance(TimeSpan.FromSeconds(100));
                break;
            case Step.AdvanceFar:
                _cluster.Clock.Advance(Idle);
                break;
            case Step.Sweep:
                await SweepAsync(life);
                break;
            case Step.Deactivate:
                await _cluster.DeactivateAsync(life.Key);
                break;
            case Step.Rotate when life.Incarnations.Count > 0:
                string newKey = SessionTestCluster.NewKey();
                Misbehave(newKey, seed + life.Keys.Count);
                bool moved = await UntilAnsweredAsync(
                    life, newKey, (key, to) => _frontend.RotateAsync(key, to, life.Incarnations[^1]), () => _cluster.Faults.Heal(newKey));
                life.Keys.Insert(moved ? life.Keys.Count : 0, newKey);
                break;
            case Step.Destroy:
                await UntilAnsweredAsync(life, 0, (key, _) => _frontend.DestroyAsync(key));
                break;
        }
    }

    /// <summary>Asserts that the index has a deadline no later than the stored state's, even if all silos died now.</summary>
    private async Task AssertFoundBySweepAsync(Life life)
    {
        DateTimeOffset soon = _cluster.Clock.GetUtcNow() + RetryAfter;
        foreach (string key in life.Keys)
        {
            if (await _cluster.StoredAsync(key) is { } stored)
            {
                DateTimeOffset needed = stored.Status switch
                {
                    SessionStatus.Active => DateTimeOffset.FromUnixTimeMilliseconds(stored.DeadlineMs(stored.LastUsedAtMs)),
                    SessionStatus.Tombstone when !await IsHandoverPendingAsync(stored) => DateTimeOffset.FromUnixTimeMilliseconds(stored.Ending!.RemoveAtMs),
                    _ => soon,
                };
                DateTimeOffset? indexed = await _cluster.Store.IndexedDeadlineAsync(key);

                // The session's background task may be between the two steps: then the state has changed, and the next step checks it.
                if (Equals(stored.IndexedDeadlineMs, (await _cluster.StoredAsync(key))?.IndexedDeadlineMs))
                {
                    Assert.True(indexed is not null, $"A {stored.Status} session is in Redis and not in the index.");
                    Assert.True(indexed <= (needed > soon ? needed : soon), $"The index asks for a {stored.Status} session at {indexed:O}, and it needs to at {needed:O}.");
                }
            }
        }
    }

    private async Task<bool> IsHandoverPendingAsync(SessionState stored) =>
        stored.Ending!.MovedTo is { } newKey && await _cluster.StoredAsync(newKey) is { Provisional: true };

    private async Task EndAsync(Life life)
    {
        life.Keys.ForEach(_cluster.Faults.Heal);
        _cluster.Clock.Advance(Idle + TimeSpan.FromMinutes(2));
        for (int i = 0; i < 3; i++)
        {
            await SweepAsync(life);
            _cluster.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        foreach (string key in life.Keys)
        {
            Assert.False(await _cluster.Store.HasTraceAsync(key), "Something is left in Redis.");
        }

        foreach (Guid incarnation in life.Incarnations)
        {
            string[] events = [.. _handler.Order.Where(entry => entry.Incarnation == incarnation).Select(entry => entry.Event)];

            // A retry after a lost answer starts from the beginning.
            Assert.Equal(("created", "ended"), (events[0], events[^1]));
        }

        Assert.Equal($"{life.Count}", _handler.Ended(life.Incarnations.LastOrDefault()).LastOrDefault()?.Entries[0] is { } last
            ? System.Text.Encoding.UTF8.GetString(last.Value)
            : $"{life.Count}");
    }

    private async Task SweepAsync(Life life)
    {
        foreach (string key in life.Keys)
        {
            await _cluster.SweepAsync(key);
        }
    }

    /// <summary>Makes about a third of the storage operations fail, in every possible way.</summary>
    private void Misbehave(string key, int seed)
    {
        var random = new Random(seed);
        _cluster.Faults.Always(key, operation =>
        {
            lock (random)
            {
                return random.Next(9) switch
                {
                    0 => StorageFault.Lost,
                    1 => StorageFault.AnswerLost,
                    2 when operation != StorageOperation.Read => StorageFault.Conflict,
                    _ => StorageFault.None,
                };
            }
        });
    }

    /// <summary>Retries a call without limit.</summary>
    private static async Task<TResult> UntilAnsweredAsync<TArgument, TResult>(
        Life life, TArgument argument, Func<string, TArgument, Task<TResult>> call, Action? heal = null)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await call(life.Key, argument);
            }
            catch (Exception exception) when (exception is SessionUnavailableException or Orleans.Storage.InconsistentStateException && watch.Elapsed < TimeSpan.FromSeconds(10))
            {
                await Task.Yield();
            }
            finally
            {
                if (watch.Elapsed > TimeSpan.FromSeconds(5))
                {
                    heal?.Invoke();
                }
            }
        }
    }

    /// <summary>Known state of a session, derived from its answers.</summary>
    private sealed class Life
    {
        public List<string> Keys { get; } = [];

        public List<Guid> Incarnations { get; } = [];

        /// <summary>The commits to the present incarnation.</summary>
        public int Count { get; private set; }

        public string Key => Keys[^1];

        public void Committed(CommitResult result)
        {
            if (Incarnations.Count == 0 || Incarnations[^1] != result.Incarnation)
            {
                Incarnations.Add(result.Incarnation);
                Count = 0;
            }

            Count++;
            Assert.Equal([Count], result.Numbers);
        }
    }
}
