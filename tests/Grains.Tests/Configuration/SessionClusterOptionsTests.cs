using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansSessions.Grains.Configuration;
using OrleansSessions.Grains.Hosting;

namespace OrleansSessions.Grains.Tests.Configuration;

public sealed class SessionClusterOptionsTests
{
    [Fact]
    public void Options_NothingConfigured_HaveTheDocumentedDefaults()
    {
        SessionClusterOptions options = Read([]);

        Assert.Equal(("orleans-sessions", "orleans-sessions"), (options.ClusterId, options.ServiceId));
        Assert.Equal((11_111, 30_000), (options.SiloPort, options.GatewayPort));
        Assert.Equal(TimeSpan.FromSeconds(10), options.SweepInterval);
        Assert.Equal(TimeSpan.FromMinutes(2), options.TombstoneGrace);
        Assert.Equal(TimeSpan.FromMinutes(15), options.ActivationIdleTime);
        Assert.Equal((1024 * 1024, 1_000, 256), (options.Limits.MaxBytes, options.Limits.MaxEntries, options.Limits.MaxNameBytes));
    }

    [Fact]
    public void Options_Configuration_IsReadAndCodeHasTheLastWord()
    {
        SessionClusterOptions options = Read(
            new()
            {
                ["SessionCluster:ServiceId"] = "shop",
                ["SessionCluster:SweepInterval"] = "00:00:05",
                ["SessionCluster:TombstoneGrace"] = "00:01:00",
                ["SessionCluster:Limits:MaxEntries"] = "10",
            },
            static options => options.TombstoneGrace = TimeSpan.FromMinutes(3));

        Assert.Equal("shop", options.ServiceId);
        Assert.Equal(TimeSpan.FromSeconds(5), options.SweepInterval);
        Assert.Equal(TimeSpan.FromMinutes(3), options.TombstoneGrace);
        Assert.Equal(10, options.Limits.MaxEntries);
    }

    [Theory]
    [InlineData("ClusterId", " ")]
    [InlineData("ServiceId", "")]
    [InlineData("SiloPort", "0")]
    [InlineData("SiloPort", "65536")]
    [InlineData("GatewayPort", "-1")]
    [InlineData("GatewayPort", "11111")]
    [InlineData("AdvertisedAddress", "silo.example")]
    [InlineData("SweepInterval", "00:00:00.0999999")]
    [InlineData("SweepInterval", "00:01:00.0000001")]
    [InlineData("TombstoneGrace", "00:00:00.9999999")]
    [InlineData("TombstoneGrace", "01:00:00.0000001")]
    [InlineData("ActivationIdleTime", "00:00:59.9999999")]
    [InlineData("Limits:MaxBytes", "0")]
    [InlineData("Limits:MaxEntries", "0")]
    [InlineData("Limits:MaxNameBytes", "-1")]
    public void Options_BadValue_IsRefusedNamingOptionAndValue(string option, string value)
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => Read(new() { [$"SessionCluster:{option}"] = value }));

        Assert.Contains($"SessionCluster:{option} is '{value}'", Assert.Single(refused.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SweepInterval", "00:00:00.1")]
    [InlineData("SweepInterval", "00:01:00")]
    [InlineData("TombstoneGrace", "00:00:01")]
    [InlineData("TombstoneGrace", "01:00:00")]
    [InlineData("ActivationIdleTime", "00:01:00")]
    [InlineData("AdvertisedAddress", "::1")]
    [InlineData("SiloPort", "65535")]
    public void Options_ValueAtTheLimit_IsAccepted(string option, string value) => Assert.NotNull(Read(new() { [$"SessionCluster:{option}"] = value }));

    [Fact]
    public void Options_SeveralBadValues_AreAllNamedAtOnce()
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => Read(new()
        {
            ["SessionCluster:SiloPort"] = "0",
            ["SessionCluster:SweepInterval"] = "01:00:00",
            ["SessionCluster:AdvertisedAddress"] = "nowhere",
        }));

        Assert.Equal(3, refused.Failures.Count());
    }

    [Theory]
    [InlineData("SessionCluster:SiloPort", "0", "SessionCluster:SiloPort is '0'")]
    [InlineData("ConnectionStrings:Redis", null, "set ConnectionStrings:Redis (environment: ConnectionStrings__Redis)")]
    [InlineData("ConnectionStrings:Redis", "127.0.0.1:1,password=hunter2,nonsense=1", "unknown or malformed option")]
    public async Task Host_BadValueOrNoRedis_DoesNotStartAndSaysWhy(string name, string? value, string reason)
    {
        HostApplicationBuilder builder = Builder(new() { ["ConnectionStrings:Redis"] = "127.0.0.1:1", [name] = value });
        builder.AddSessionCluster();
        using IHost host = builder.Build();

        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(reason, refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Silo_NamesPortsAndIds_AreThoseOfTheOptions()
    {
        HostApplicationBuilder builder = Builder(new()
        {
            ["ConnectionStrings:Redis"] = "127.0.0.1:1",
            ["SessionCluster:ClusterId"] = "blue",
            ["SessionCluster:ServiceId"] = "shop",
            ["SessionCluster:SiloName"] = "silo-7",
            ["SessionCluster:AdvertisedAddress"] = "127.0.0.1",
            ["SessionCluster:SiloPort"] = "21111",
            ["SessionCluster:GatewayPort"] = "31111",
            ["SessionCluster:ActivationIdleTime"] = "00:05:00",
        });
        builder.AddSessionCluster();
        using IHost host = builder.Build();

        ClusterOptions ids = host.Services.GetRequiredService<IOptions<ClusterOptions>>().Value;
        EndpointOptions endpoints = host.Services.GetRequiredService<IOptions<EndpointOptions>>().Value;
        Assert.Equal(("blue", "shop"), (ids.ClusterId, ids.ServiceId));
        Assert.Equal("silo-7", host.Services.GetRequiredService<IOptions<SiloOptions>>().Value.SiloName);
        Assert.Equal("127.0.0.1:21111", endpoints.SiloListeningEndpoint!.ToString());
        Assert.Equal("127.0.0.1:31111", endpoints.GatewayListeningEndpoint!.ToString());
        Assert.Equal(TimeSpan.FromMinutes(5), host.Services.GetRequiredService<IOptions<GrainCollectionOptions>>().Value.CollectionAge);
    }

    private static HostApplicationBuilder Builder(Dictionary<string, string?> settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings);
        return builder;
    }

    private static SessionClusterOptions Read(Dictionary<string, string?> settings, Action<SessionClusterOptions>? configure = null)
    {
        HostApplicationBuilder builder = Builder(settings);
        builder.AddSessionCluster(configure);
        using IHost host = builder.Build();
        return host.Services.GetRequiredService<IOptions<SessionClusterOptions>>().Value;
    }
}
