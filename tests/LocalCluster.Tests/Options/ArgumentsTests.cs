using OrleansSessions.LocalCluster.Options;

namespace OrleansSessions.LocalCluster.Tests.Options;

public sealed class ArgumentsTests
{
    [Fact]
    public void Arguments_None_AreTheDefaults()
    {
        var parsed = Arguments.Parse([]);

        Assert.Empty(parsed.Errors);
        Assert.Equal(new ClusterOptions(), parsed.Options);
        Assert.Equal((8080, 2, 3, 6380), (parsed.Options.Port, parsed.Options.Silos, parsed.Options.Frontends, parsed.Options.RespPort));
        Assert.False(parsed.Options.CoHost || parsed.Options.Restart);
    }

    [Fact]
    public void Arguments_AllGiven_AreRead()
    {
        var parsed = Arguments.Parse(
        [
            "--port", "9000", "--silos=4", "--frontends", "5", "--cohost", "--resp-port", "7000", "--redis", "cache:6380,password=secret",
            "--data", "/data", "--status-file=/run/status.json", "--restart",
        ]);

        Assert.Empty(parsed.Errors);
        Assert.Equal(
            new ClusterOptions
            {
                Port = 9000,
                Silos = 4,
                Frontends = 5,
                CoHost = true,
                RespPort = 7000,
                Redis = "cache:6380,password=secret",
                DataDirectory = Path.GetFullPath("/data"),
                StatusFile = Path.GetFullPath("/run/status.json"),
                Restart = true,
            },
            parsed.Options);
    }

    [Theory]
    [InlineData("--port", "eighty")]
    [InlineData("--port", "65536")]
    [InlineData("--port", "-1")]
    [InlineData("--silos", "0")]
    [InlineData("--frontends", "65")]
    [InlineData("--resp-port", "1.5")]
    public void Arguments_NumberOutOfRange_NamesOptionAndValue(string option, string value)
    {
        var error = Assert.Single(Arguments.Parse([$"{option}={value}"]).Errors);

        Assert.Contains(option, error);
        Assert.Contains($"'{value}'", error);
    }

    [Theory]
    [InlineData("--port")]
    [InlineData("--redis")]
    [InlineData("--data")]
    [InlineData("--status-file")]
    public void Arguments_ValueMissing_NamesTheOption(string option)
    {
        var parsed = Arguments.Parse([option, "--restart"]);

        Assert.Contains(option, Assert.Single(parsed.Errors));
        Assert.True(parsed.Options.Restart);
    }

    [Fact]
    public void Arguments_SeveralWrong_ListsEachOfThem() =>
        Assert.Equal(3, Arguments.Parse(["--port", "x", "--sillos", "--cohost=1"]).Errors.Count);

    [Theory]
    [InlineData("cache:6379,password=swordfish,nonsense=1")]
    [InlineData("redis://user:swordfish@/0")]
    [InlineData("password=swordfish")]
    public void Arguments_RedisIsWrong_DoesNotRepeatThePassword(string redis)
    {
        var error = Assert.Single(Arguments.Parse(["--redis", redis]).Errors);

        Assert.Contains("--redis", error);
        Assert.DoesNotContain("swordfish", error);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public void Arguments_HelpAnywhere_IsHelp(string help) => Assert.True(Arguments.Parse(["--port", "1", help, "--nonsense"]).HelpRequested);
}
