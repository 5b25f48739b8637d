using System.CommandLine;
using OrleansSessions.LocalCluster.Options;
using Spectre.Console;

namespace OrleansSessions.LocalCluster.Tests.Options;

public sealed class ClusterCommandTests
{
    [Fact]
    public void Arguments_None_AreTheDefaults()
    {
        ClusterOptions options = Read();

        Assert.Equal(new ClusterOptions(), options);
        Assert.Equal((8080, 2, 3, 6380), (options.Port, options.Silos, options.Frontends, options.RespPort));
        Assert.False(options.CoHost || options.Restart);
    }

    [Fact]
    public void Arguments_AllGiven_AreRead()
    {
        ClusterOptions options = Read(
            "--port", "9000", "--silos=4", "--frontends", "5", "--cohost", "--resp-port", "7000", "--redis", "cache:6380,password=secret",
            "--data", "/data", "--status-file=/run/status.json", "--restart");

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
            options);
    }

    [Fact]
    public void Demo_RestartsSilos()
    {
        ClusterOptions options = Read("--demo");

        Assert.True(options.Demo && options.Restart);
    }

    [Theory]
    [InlineData("--demo", "--silos=1")]
    [InlineData("--demo", "--cohost")]
    public void Demo_WithoutTwoSiloProcesses_IsRefused(params string[] arguments) =>
        Assert.StartsWith("--demo kills silos, so it needs at least two", Assert.Single(Errors(arguments)));

    [Fact]
    public void StorePort_WithAnotherStore_IsRefused()
    {
        Assert.Equal(6399, Read("--store-port", "6399").StorePort);
        Assert.StartsWith("--store-port is the embedded store's", Assert.Single(Errors("--store-port", "6399", "--redis", "localhost")));
    }

    [Fact]
    public void Arguments_OptionRepeated_LastOneWins() => Assert.Equal(2, Read("--port", "1", "--port=2").Port);

    [Theory]
    [InlineData("--port", "eighty")]
    [InlineData("--port", "65536")]
    [InlineData("--port", "-1")]
    [InlineData("--silos", "0")]
    [InlineData("--frontends", "65")]
    [InlineData("--resp-port", "1.5")]
    public void Arguments_NumberOutOfRange_NamesOptionAndValue(string option, string value)
    {
        var error = Assert.Single(Errors($"{option}={value}"));

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
        Assert.StartsWith($"{option} needs a value: ", Assert.Single(Errors(option, "--restart")));
        Assert.StartsWith($"{option} needs a value: ", Assert.Single(Errors($"{option}=")));
    }

    [Theory]
    [InlineData("--cohost=1")]
    [InlineData("--cohost", "1")]
    public void Arguments_FlagWithAValue_NamesBoth(params string[] arguments) => Assert.Equal(["--cohost takes no value, but '1' was given"], Errors(arguments));

    [Fact]
    public void Arguments_SeveralWrong_ListsEachOfThem() => Assert.Equal(3, Errors("--port", "x", "--sillos", "--cohost=1").Count);

    [Theory]
    [InlineData("unknown option '--sillos'; did you mean --silos?", "--sillos", "3")]
    [InlineData("unknown option '--nonsense'", "--nonsense=1")]
    [InlineData("unexpected argument 'three'; options begin with --", "--silos", "3", "three")]
    [InlineData("unexpected argument '@file'; options begin with --", "@file")]
    public void Arguments_Unknown_AreNamed(string error, params string[] arguments) => Assert.Equal([error], Errors(arguments));

    [Theory]
    [InlineData("cache:6379,password=swordfish,nonsense=1")]
    [InlineData("redis://user:swordfish@/0")]
    [InlineData("password=swordfish")]
    public void Arguments_RedisIsWrong_DoesNotRepeatThePassword(string redis)
    {
        var error = Assert.Single(Errors("--redis", redis));

        Assert.Contains("--redis", error);
        Assert.DoesNotContain("swordfish", error);
    }

    [Theory]
    [InlineData("--rediss=cache:6379,password=swordfish")]
    [InlineData("--rediss", "cache:6379,password=swordfish")]
    [InlineData("--redis", "cache:6379,", "password=swordfish")]
    [InlineData("redis://user:swordfish@cache")]
    public void Arguments_ConnectionStringInTheWrongPlace_DoesNotRepeatThePassword(params string[] arguments) =>
        Assert.All(Errors(arguments), static error => Assert.DoesNotContain("swordfish", error));

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public void Arguments_HelpAnywhere_IsHelp(string help)
    {
        var command = new ClusterCommand(static _ => throw new InvalidOperationException("A cluster was started."));
        ParseResult parsed = command.Parse(["--port", "x", help, "--nonsense"]);

        Assert.Empty(command.Errors(parsed));
        Assert.IsType<UsageAction>(parsed.Action);
    }

    [Fact]
    public void Help_NamesEveryOptionWithItsDefault()
    {
        var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });

        Assert.IsType<UsageAction>(NewCommand().Parse(["--help"]).Action).Write(console);

        string[] names =
        [
            "--silos N", "--frontends N", "--cohost", "--restart", "--port N", "--resp-port N", "--store-port N", "--redis HOST:PORT[,...]", "--data DIR",
            "--status-file FILE",
        ];
        Assert.All(names, name => Assert.Contains($"  {name}  ", text.ToString(), StringComparison.Ordinal));
        Assert.Contains("Silo processes. Default: 2.", text.ToString(), StringComparison.Ordinal);
    }

    private static ClusterCommand NewCommand() => new(static _ => Task.FromResult(0));

    private static ClusterOptions Read(params string[] arguments)
    {
        ClusterCommand command = NewCommand();
        ParseResult parsed = command.Parse(arguments);
        Assert.Empty(command.Errors(parsed));
        return command.Read(parsed);
    }

    private static IReadOnlyList<string> Errors(params string[] arguments)
    {
        ClusterCommand command = NewCommand();
        return command.Errors(command.Parse(arguments));
    }
}
