using OrleansSessions.LocalCluster.Members;
using OrleansSessions.LocalCluster.Options;
using OrleansSessions.LocalCluster.Status;
using OrleansSessions.LocalCluster.Tests.Members;

namespace OrleansSessions.LocalCluster.Tests.Status;

public sealed class ClusterViewTests
{
    [Fact]
    public void Status_AllReady_IsReadyAndListsTheProcesses()
    {
        var status = View(MemberState.Ready, MemberState.Ready, MemberState.Ready).ToStatus();

        Assert.True(status.Ready);
        Assert.Equal(["silo-1", "silo-2"], status.Silos.Select(silo => silo.Name));
        Assert.Equal(["frontend-1"], status.Frontends.Select(frontend => frontend.Name));
        Assert.Equal("http://localhost:8080", status.Url);
        Assert.Equal("127.0.0.1:6380", status.Resp);
        Assert.Equal("127.0.0.1:7000", status.Redis);
        Assert.All(status.Silos, silo => Assert.NotNull(silo.RespPort));
    }

    [Fact]
    public void Status_ASiloEndedForGood_IsReadyWithoutIt()
    {
        var status = View(MemberState.Ended, MemberState.Ready, MemberState.Ready).ToStatus();

        Assert.True(status.Ready);
        Assert.Equal(["silo-2"], status.Silos.Select(silo => silo.Name));
    }

    [Fact]
    public void Status_ASiloComesBack_IsNotReadyMeanwhile()
    {
        Assert.False(View(MemberState.Restarting, MemberState.Ready, MemberState.Ready).ToStatus().Ready);
        Assert.False(View(MemberState.Starting, MemberState.Ready, MemberState.Ready).ToStatus().Ready);
    }

    [Fact]
    public void Status_NoSiloLeft_IsNotReady() => Assert.False(View(MemberState.Ended, MemberState.Ended, MemberState.Ready).ToStatus().Ready);

    [Fact]
    public void Status_NoFrontendLeft_IsNotReady() => Assert.False(View(MemberState.Ready, MemberState.Ready, MemberState.Ended).ToStatus().Ready);

    [Fact]
    public void Status_NotOpen_IsNotReady() =>
        Assert.False((View(MemberState.Ready, MemberState.Ready, MemberState.Ready) with { Open = false }).ToStatus().Ready);

    [Fact]
    public void Status_CoHosted_ListsSilosUnderTheFrontendsProcesses()
    {
        var status = View(new ClusterOptions { Frontends = 2, CoHost = true }, MemberState.Ready, MemberState.Ready).ToStatus();

        Assert.True(status.Ready);
        Assert.Equal(status.Frontends.Select(frontend => frontend.Pid), status.Silos.Select(silo => silo.Pid));
    }

    [Theory]
    [InlineData(MemberState.Ready, MemberState.Ready, 2)]
    [InlineData(MemberState.Ready, MemberState.NotReady, 1)]
    [InlineData(MemberState.NotReady, MemberState.NotReady, 2)]
    [InlineData(MemberState.Ended, MemberState.NotReady, 1)]
    [InlineData(MemberState.Starting, MemberState.Stopping, 0)]
    internal void RespEndpoints_OfTwoSilos_AreTheBestThereAre(MemberState first, MemberState second, int count) =>
        Assert.Equal(count, View(first, second, MemberState.Ready).RespEndpoints().Count);

    [Fact]
    public void RespEndpoints_WithoutTheEndpoint_AreNone() =>
        Assert.Empty(View(new ClusterOptions { RespPort = 0 }, MemberState.Ready, MemberState.Ready).RespEndpoints());

    private static ClusterView View(params MemberState[] states) => View(new ClusterOptions { Silos = 2, Frontends = 1 }, states);

    private static ClusterView View(ClusterOptions options, params MemberState[] states)
    {
        var port = 20_000;
        var store = new FakeStore();
        var members = new MemberPlan(options, store, "/data/user-key-secret", new FakeAssemblies(), () => ++port).Members();
        return new ClusterView
        {
            Url = new Uri("http://localhost:8080"),
            Resp = "127.0.0.1:6380",
            Store = store,
            Open = true,
            Members =
            [
                .. members.Zip(states, (definition, state) => new MemberStatus
                {
                    Definition = definition,
                    State = state,
                    ProcessId = state is MemberState.Ended or MemberState.Restarting ? null : definition.Url.Port,
                }),
            ],
        };
    }
}
