using OrleansSessions.LocalCluster.Members;
using OrleansSessions.LocalCluster.Options;
using OrleansSessions.LocalCluster.Store;

namespace OrleansSessions.LocalCluster.Tests.Members;

public sealed class MemberPlanTests
{
    private int _lastPort = 20_000;

    [Fact]
    public void Plan_OfSilosAndFrontends_NamesThemAndGivesEachItsPorts()
    {
        var members = Plan(new ClusterOptions { Silos = 2, Frontends = 3 });

        Assert.Equal(["silo-1", "silo-2", "frontend-1", "frontend-2", "frontend-3"], members.Select(member => member.Name));
        var ports = members.Select(member => member.Url.Port)
            .Concat(members.Where(member => member.Silo is not null).SelectMany(member => new[] { member.Silo!.SiloPort, member.Silo.GatewayPort, member.Silo.RespPort!.Value }))
            .ToArray();
        Assert.Equal(11, ports.Length);
        Assert.Equal(ports.Length, ports.Distinct().Count());
    }

    [Fact]
    public void Plan_OfASilo_SetsItsPortsOnLoopback()
    {
        var silo = Plan(new ClusterOptions())[0];

        Assert.Equal("/bin/Silo.dll", silo.Assembly);
        Assert.Equal("silo-1", silo.Settings["SessionCluster__SiloName"]);
        Assert.Equal($"{silo.Silo!.SiloPort}", silo.Settings["SessionCluster__SiloPort"]);
        Assert.Equal($"{silo.Silo.GatewayPort}", silo.Settings["SessionCluster__GatewayPort"]);
        Assert.Equal("127.0.0.1", silo.Settings["SessionCluster__AdvertisedAddress"]);
        Assert.Equal($"{silo.Silo.RespPort}", silo.Settings["Resp__Port"]);
        Assert.Equal("127.0.0.1", silo.Settings["Resp__Address"]);
        Assert.Equal($"http://127.0.0.1:{silo.Url.Port}", silo.Settings["ASPNETCORE_URLS"]);
    }

    [Fact]
    public void Plan_OfCoHosting_HasFrontendsOnlyAndEachHostsASilo()
    {
        var members = Plan(new ClusterOptions { Silos = 2, Frontends = 3, CoHost = true });

        Assert.Equal(["frontend-1", "frontend-2", "frontend-3"], members.Select(member => member.Name));
        Assert.Equal(["silo-1", "silo-2", "silo-3"], members.Select(member => member.Silo?.Name));
        Assert.All(members, member => Assert.Equal("true", member.Settings["Frontend__CoHost"]));
        Assert.Equal(3, members.Select(member => member.Settings["Resp__Port"]).Distinct().Count());
    }

    [Fact]
    public void Plan_WithoutTheRedisProtocol_TurnsItOffInSilos()
    {
        var silo = Plan(new ClusterOptions { RespPort = 0 })[0];

        Assert.Null(silo.Silo!.RespPort);
        Assert.Equal("", silo.Settings["Resp__Port"]);
    }

    [Fact]
    public void Plan_OfAFrontendWithoutASilo_GivesItNoRedisProtocol() =>
        Assert.All(Plan(new ClusterOptions()).Where(member => member.Silo is null), member => Assert.False(member.Settings.ContainsKey("Resp__Port")));

    [Fact]
    public void Plan_OfAnyMember_SetsTheStoreAndEndsWithTheLauncher()
    {
        var members = Plan(new ClusterOptions());

        Assert.All(members, member => Assert.Equal("127.0.0.1:7000,password=swordfish", member.Settings["ConnectionStrings__Redis"]));
        Assert.All(members, member => Assert.Equal("true", member.Settings["ExitWithParent"]));
        Assert.All(members, member => Assert.False(member.Settings.ContainsKey("SessionCluster__ClusterId")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Plan_OfFrontends_GivesAllTheSameUserKeySecretAndSilosNone(bool coHost)
    {
        var members = Plan(new ClusterOptions { CoHost = coHost });

        Assert.All(members.Where(member => member.Role is MemberRole.Frontend), member =>
        {
            Assert.Equal("/data/user-key-secret", member.Settings["Sessions__UserKeySecretFile"]);
            Assert.Equal("", member.Settings["Sessions__UserKeySecret"]);
        });
        Assert.All(members.Where(member => member.Role is MemberRole.Silo), member => Assert.False(member.Settings.ContainsKey("Sessions__UserKeySecretFile")));
    }

    private IReadOnlyList<MemberDefinition> Plan(ClusterOptions options, IClusterStore? store = null) =>
        new MemberPlan(options, store ?? new FakeStore(), "/data/user-key-secret", new FakeAssemblies(), () => ++_lastPort).Members();
}
