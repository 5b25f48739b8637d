using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orleans.Configuration;
using Orleans.TestingHost;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Leases;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Storage;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Storage;

namespace OrleansSessions.Grains.Tests.Leases;

/// <summary>Sessions of a silo that was declared dead and still runs.</summary>
public sealed class TakeOverTests : IAsyncLifetime
{
    private GarnetStore? _store;
    private SessionTestCluster? _running;

    private SessionTestCluster Cluster => _running ?? throw new InvalidOperationException("The cluster is not started.");

    public async ValueTask InitializeAsync()
    {
        _store = await GarnetStore.StartAsync(SessionTestCluster.ServiceId);
        _running = await SessionTestCluster.StartAsync(_store, new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await _store!.DisposeAsync();
    }

    [Fact]
    public async Task Write_ThatADeadSiloSendsLate_IsRefusedWhereTheNextOneHasOnlyRead()
    {
        (SiloHandle dying, SiloHandle next) = (Cluster.Silos[0], Cluster.Silos[1]);
        (string key, HeldWrite late, Task commit) = await BeginWriteAsync(
            () => CreateOnAsync(dying), key => GrainsOf(dying).GetGrain<ISessionGrain>(key).CommitAsync(Commit.Of(Entries.Set("a", "late"))).AsTask());

        await DeclareDeadAsync(dying, by: next);
        await LeaveStampOfAsync(dying, Cluster.ServicesOf(next));
        SessionSnapshot taken = await new Frontend(GrainsOf(next)).SnapshotAsync(key);
        late.Release();

        await Assert.ThrowsAnyAsync<Exception>(() => commit);
        SessionState stored = (await Cluster.StoredAsync(key))!;
        Assert.Equal("1", taken.Text("a"));
        Assert.Equal(taken.Version, stored.Version);
        Assert.Equal(taken.Version, (await new Frontend(GrainsOf(next)).SnapshotAsync(key)).Version);
    }

    [Fact]
    public async Task Removal_ThatADeadSiloSendsLate_LeavesTheIndexEntryOfANewSession()
    {
        (SiloHandle dying, SiloHandle next) = (Cluster.Silos[0], Cluster.Silos[1]);
        string key = SessionTestCluster.NewKey();
        long earlier = Cluster.Clock.GetUtcNow().AddMinutes(-1).ToUnixTimeMilliseconds();
        await Cluster.Store.Database.SortedSetAddAsync(Cluster.Store.IndexKey(key), key, earlier);
        await DeclareDeadAsync(dying, by: next);
        await LeaveStampOfAsync(dying, Cluster.ServicesOf(next));

        CommitResult created = await new Frontend(GrainsOf(next)).ApplyAsync(key, Entries.Set("a", "1"));
        await Cluster.ServicesOf(next).GetRequiredService<DeadlineIndex>().RemoveAsync(IdSpan.Create(key), earlier);

        Assert.Equal(created.ExpiresAt, await Cluster.Store.IndexedDeadlineAsync(key));
    }

    /// <summary>The dead silo's first write of a session would be accepted once nothing is stored.</summary>
    [Fact]
    public async Task Logout_AfterADeath_IsRememberedForAsLongAsWritesOfTheDeadSiloMayArrive()
    {
        (SiloHandle dying, SiloHandle next) = (Cluster.Silos[0], Cluster.Silos[1]);
        (string key, HeldWrite late, Task creation) = await BeginCreationOnAsync(dying);
        await DeclareDeadAsync(dying, by: next);
        await LeaveStampOfAsync(dying, Cluster.ServicesOf(next));
        var frontend = new Frontend(GrainsOf(next));
        await frontend.ApplyAsync(key, Entries.Set("a", "1"));
        await frontend.DestroyAsync(key);

        Cluster.Clock.Advance(TimeSpan.FromMinutes(3));
        await Cluster.SweepAsync(key);
        late.Release();
        await Assert.ThrowsAnyAsync<Exception>(() => creation);

        Assert.Null((await frontend.LoadAsync(key)).Snapshot);
        Assert.Equal(SessionStatus.Tombstone, (await Cluster.StoredAsync(key))!.Status);
    }

    /// <summary>A silo that is frozen while it creates a session is not known to be dead yet when its caller's retry at another silo creates the session.</summary>
    [Fact]
    public async Task Logout_BeforeADeath_IsRememberedForAsLongAsCreationsByTheDeadSiloMayArrive()
    {
        (SiloHandle dying, SiloHandle next) = (Cluster.Silos[0], Cluster.Silos[1]);
        (string key, HeldWrite late, Task creation) = await BeginWriteAsync(
            NewKeyAsync, key => GrainsOf(dying).GetGrain<ISessionCreationGrain>("any").CreateAsync(key, Commit.Of(Entries.Set("a", "late"))).AsTask());
        var frontend = new Frontend(GrainsOf(next));
        await frontend.ApplyAsync(key, Entries.Set("a", "1"));
        await frontend.DestroyAsync(key);
        await DeclareDeadAsync(dying, by: next);
        await LeaveStampOfAsync(dying, Cluster.ServicesOf(next));

        Cluster.Clock.Advance(TimeSpan.FromMinutes(3));
        await Cluster.SweepAsync(key);
        late.Release();
        await EndAsync(creation);

        Assert.Null((await frontend.LoadAsync(key)).Snapshot);
        Assert.Equal(SessionStatus.Tombstone, (await Cluster.StoredAsync(key))!.Status);
    }

    [Fact]
    public async Task Silo_DeclaredDeadThatHasStopped_IsNotWaitedForAndItsSessionsAreClaimed()
    {
        (SiloHandle dying, SiloHandle next) = (Cluster.Silos[0], Cluster.Silos[1]);
        Predecessors predecessors = Cluster.ServicesOf(next).GetRequiredService<Predecessors>();

        await DeclareDeadAsync(dying, by: next);
        await Eventually.TrueAsync("the lease is revoked", () => LeaseOf(dying).Standing == LeaseStanding.Revoked);
        await Cluster.ServicesOf(dying).GetRequiredService<LeaseTable>().StopAsync();

        await Eventually.TrueAsync("its sessions are claimed without a wait", () => predecessors.MustClaim && predecessors.Hold <= TimeSpan.Zero);
    }

    [Fact]
    public async Task Silo_DeclaredDead_LosesItsLeaseForGood()
    {
        (SiloHandle dying, SiloHandle other) = (Cluster.Silos[0], Cluster.Silos[1]);
        SiloLease lease = LeaseOf(dying);
        await Eventually.TrueAsync("both leases are confirmed", () => lease.IsValid && LeaseOf(other).IsValid);

        await DeclareDeadAsync(dying, by: other);

        await Eventually.TrueAsync("the lease is revoked", () => lease.Standing == LeaseStanding.Revoked);
        Assert.False(lease.IsValid);
        await Eventually.TrueAsync("the other lease is confirmed", () => LeaseOf(other).IsValid);
    }

    /// <summary>Its Redis works, so the caller must not be told that it doesn't, but repeat the call at another silo.</summary>
    [Fact]
    public async Task Silo_DeclaredDead_SendsTheCallersOfItsNewActivationsElsewhere()
    {
        (SiloHandle dying, SiloHandle other) = (Cluster.Silos[0], Cluster.Silos[1]);
        FollowedView view = Cluster.ServicesOf(dying).GetRequiredService<FollowedView>();
        await view.ConfirmAsync();

        await DeclareDeadAsync(dying, by: other);
        await Eventually.TrueAsync("the lease is revoked", () => LeaseOf(dying).Standing == LeaseStanding.Revoked);

        await Assert.ThrowsAsync<SessionOwnershipException>(view.ConfirmAsync);
    }

    private async Task DeclareDeadAsync(SiloHandle silo, SiloHandle by)
    {
        IClusterMembershipService membership = Cluster.ServicesOf(by).GetRequiredService<IClusterMembershipService>();
        await membership.TryKill(silo.SiloAddress);
        await Eventually.TrueAsync("the silo is known to be dead", () => membership.CurrentSnapshot.GetSiloStatus(silo.SiloAddress) == SiloStatus.Dead);
    }

    /// <summary>Leaves a dead silo's stamp in place, so that commands of it may still be on their way, until its lease has run out.</summary>
    private async Task LeaveStampOfAsync(SiloHandle dead, IServiceProvider next)
    {
        ClusterOptions cluster = next.GetRequiredService<IOptions<ClusterOptions>>().Value;
        await Eventually.TrueAsync("sessions are claimed", async () =>
        {
            await Cluster.Store.Database.HashSetAsync($"{cluster.ServiceId}/leases/{cluster.ClusterId}", dead.SiloAddress.ToParsableString(), 1);
            return next.GetRequiredService<Predecessors>().MustClaim;
        });
        await Eventually.TrueAsync("the lease has run out", () => next.GetRequiredService<Predecessors>().Hold <= TimeSpan.Zero);
    }

    /// <summary>Waits for the end of a call that may fail: its silo was declared dead.</summary>
    private static async Task EndAsync(Task call) => await call.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);

    private SiloLease LeaseOf(SiloHandle silo) => Cluster.ServicesOf(silo).GetRequiredService<SiloLease>();

    private IGrainFactory GrainsOf(SiloHandle silo) => Cluster.ServicesOf(silo).GetRequiredService<IGrainFactory>();

    private static Task<string> NewKeyAsync() => Task.FromResult(SessionTestCluster.NewKey());

    /// <summary>Sends calls for other sessions until one is not lost on its way; its write is held.</summary>
    private ValueTask<(string Key, HeldWrite Write, Task Call)> BeginWriteAsync(Func<Task<string>> newSession, Func<string, Task> send) =>
        UnansweredCalls.RepeatAsync(async () =>
        {
            string key = await newSession();
            HeldWrite write = Cluster.Faults.HoldNextWrite(key);
            Task call = send(key);
            await write.ArrivesFromAsync(call);
            return (key, write, call);
        });

    /// <summary>Begins to create sessions until one is on the silo; its write is held.</summary>
    private async Task<(string Key, HeldWrite Write, Task Creation)> BeginCreationOnAsync(SiloHandle silo)
    {
        while (true)
        {
            (string key, HeldWrite write, Task creation) = await BeginWriteAsync(
                NewKeyAsync, key => GrainsOf(silo).GetGrain<ISessionGrain>(key).CommitAsync(Commit.Of(Entries.Set("a", "late"))).AsTask());
            ISessionGrain grain = GrainsOf(silo).GetGrain<ISessionGrain>(key);
            if (silo.SiloAddress.Equals(await GrainsOf(silo).GetGrain<IManagementGrain>(0).GetActivationAddress(grain)))
            {
                return (key, write, creation);
            }

            write.Release();
            await EndAsync(creation);
        }
    }

    /// <summary>Creates sessions until one is on the silo.</summary>
    private async Task<string> CreateOnAsync(SiloHandle silo)
    {
        while (true)
        {
            string key = SessionTestCluster.NewKey();
            CommitResult created = await Cluster.Frontend.ApplyAsync(key, Entries.Set("a", "1"));
            if (created.Silo == silo.Name)
            {
                return key;
            }
        }
    }
}
