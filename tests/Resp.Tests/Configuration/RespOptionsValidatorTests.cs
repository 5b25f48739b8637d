using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansSessions.Php;
using OrleansSessions.Resp.Configuration;
using OrleansSessions.Resp.Hosting;

namespace OrleansSessions.Resp.Tests.Configuration;

public sealed class RespOptionsValidatorTests
{
    [Fact]
    public void Validate_Defaults_AreValid() => Assert.True(Validate(new RespOptions()).Succeeded);

    [Fact]
    public void Validate_EverythingWrong_NamesEveryOption()
    {
        ValidateOptionsResult result = Validate(new RespOptions
        {
            Port = 70_000,
            UnixSocket = "resp.sock",
            UnixSocketMode = "rw-",
            Address = "nowhere",
            Databases = 0,
            IdleTimeout = TimeSpan.FromSeconds(-1),
            SlowClientTimeout = TimeSpan.Zero,
            MaxConnections = 0,
            MaxArguments = 1,
            MaxBulkBytes = 1,
            MaxBufferedBytes = 1,
            IOTimeout = TimeSpan.Zero,
            LockWait = TimeSpan.FromSeconds(1),
            DefaultHandler = "igbinary",
            Prefixes = [.. new[] { "b", "b", "", new string('ä', 51), "a\0b" }.Select(static prefix => new RespPrefix { Prefix = prefix })],
            Users = { ["me"] = "" },
            Tls = { CertificatePath = "/nowhere/tls.crt" },
            UserEntry = "a|b",
            UserKeySecret = "c2hvcnQ=",
        });
        Assert.Equal(
            [
                "Resp:Port is '70000'", "Resp:UnixSocket is 'resp.sock'", "Resp:UnixSocketMode is 'rw-'",
                "Resp:Address is 'nowhere'", "Resp:Databases is '0'", "Resp:IdleTimeout is", "Resp:SlowClientTimeout is",
                "Resp:MaxConnections is '0'", "Resp:MaxArguments is '1'", "Resp:MaxBulkBytes is '1'", "Resp:MaxBufferedBytes is '1'", "Resp:IOTimeout is", "Resp:LockWait is",
                "Resp:DefaultHandler is 'igbinary'", "Resp:Prefixes:1:Prefix is 'b'", "Resp:Prefixes:2:Prefix is ''",
                "Resp:Prefixes:3:Prefix is", "Resp:Prefixes:4:Prefix is", "Resp:Users:me must",
                "Resp:Tls:CertificatePath is '/nowhere/tls.crt'", "Resp:Tls:KeyPath is ''",
                "Resp:UserEntry is 'a|b'", "Resp:UserKeySecret must be at least 32 bytes",
            ],
            result.Failures!,
            static (start, failure) => failure.StartsWith(start, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a:", "a:b:")]
    [InlineData("a:b:", "a:")]
    [InlineData("a:", "a:")]
    [InlineData("sess", "session:")]
    [InlineData("b:", "~b:")]
    [InlineData("b:", "#b:")]
    public void Validate_PrefixesOfWhichOneNamesTheOthersSessions_AreRefused(string first, string second)
    {
        ValidateOptionsResult result = Validate(new RespOptions { Prefixes = [new() { Prefix = first }, new() { Prefix = second }] });
        Assert.StartsWith($"Resp:Prefixes:1:Prefix is '{second}'; it must be", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a:", "b:")]
    [InlineData("a:b:", "a:c:")]
    [InlineData("A:", "a:")]
    public void Validate_PrefixesApart_AreValid(string first, string second) =>
        Assert.True(Validate(new RespOptions { Prefixes = [new() { Prefix = first }, new() { Prefix = second }] }).Succeeded);

    [Fact]
    public void Validate_RoomForLessThanOneCommand_NamesBothOptions()
    {
        ValidateOptionsResult result = Validate(new RespOptions { MaxBulkBytes = 256 * 1024 * 1024 });
        Assert.Contains("Resp:MaxBufferedBytes is '268435456'; it must be at least 536870912", Assert.Single(result.Failures!), StringComparison.Ordinal);
        Assert.Contains("MaxBulkBytes", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", null, false, true)]
    [InlineData("::1", null, false, true)]
    [InlineData("*", null, false, false)]
    [InlineData("10.0.0.1", null, false, false)]
    [InlineData("*", "secret", false, true)]
    [InlineData("*", null, true, true)]
    public void Validate_AddressThatOthersReach_NeedsAPasswordOrAWordForIt(string address, string? password, bool allowAnonymous, bool valid)
    {
        ValidateOptionsResult result = Validate(new RespOptions { Port = 6379, Address = address, Password = password, AllowAnonymous = allowAnonymous });
        Assert.Equal(valid, result.Succeeded);
    }

    [Fact]
    public void Configuration_IsReadFromItsSection()
    {
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Resp:Port"] = "6380",
            ["Resp:Users:php"] = "secret",
            ["Resp:Prefixes:0:Prefix"] = "sess:",
            ["Resp:Prefixes:1:Prefix"] = "shop:",
            ["Resp:Prefixes:1:Merge"] = "true",
            ["Resp:DefaultHandler"] = "php_serialize",
            ["SessionCluster:Limits:MaxEntries"] = "7",
        }).Build());
        services.AddRespConnections(null);
        using ServiceProvider provider = services.BuildServiceProvider();
        RespOptions options = provider.GetRequiredService<IOptions<RespOptions>>().Value;
        Assert.Equal(6380, options.Port);
        Assert.Equal("secret", options.Users["php"]);
        Assert.Equal([("sess:", false), ("shop:", true), ("PHPREDIS_SESSION:", true)], options.Prefixes.Select(static prefix => (prefix.Prefix, prefix.Merges)));
        Assert.Equal(PhpHandler.PhpSerialize, options.Handler);
        Assert.Equal(7, options.Limits.MaxEntries);
    }

    [Theory]
    [InlineData(null, "PHPREDIS_SESSION:=True")]
    [InlineData("PHPREDIS_SESSION:", "PHPREDIS_SESSION:=True")]
    [InlineData("PHPREDIS_SESSION:shop:", "PHPREDIS_SESSION:shop:=False")]
    [InlineData("PHP", "PHP=False")]
    [InlineData("sess:", "sess:=False PHPREDIS_SESSION:=True")]
    public void Configuration_AlwaysHasThePrefixOfPhpRedis_UnlessItOverlapsAnother(string? configured, string expected)
    {
        ServiceCollection services = new();
        services.AddRespConnections(options => options.Prefixes = configured is null ? [] : [new RespPrefix { Prefix = configured }]);
        using ServiceProvider provider = services.BuildServiceProvider();
        IList<RespPrefix> prefixes = provider.GetRequiredService<IOptions<RespOptions>>().Value.Prefixes;
        Assert.Equal(expected, string.Join(' ', prefixes.Select(static prefix => $"{prefix.Prefix}={prefix.Merges}")));
    }

    [Fact]
    public void Configuration_OfAPrefixAsBareText_IsRefusedByName()
    {
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["Resp:Prefixes:0"] = "sess:" }).Build());
        services.AddRespConnections(null);
        using ServiceProvider provider = services.BuildServiceProvider();
        Exception refused = Assert.ThrowsAny<Exception>(() => provider.GetRequiredService<IOptions<RespOptions>>().Value);
        Assert.Contains("Resp:Prefixes:0", refused.Message, StringComparison.Ordinal);
    }

    private static ValidateOptionsResult Validate(RespOptions options) => new RespOptionsValidator().Validate(null, options);
}
