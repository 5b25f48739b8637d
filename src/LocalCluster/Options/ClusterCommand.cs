using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using OrleansSessions.Connectivity.Redis;

namespace OrleansSessions.LocalCluster.Options;

/// <summary>Command line of the launcher. Options are <c>--name value</c> or <c>--name=value</c>; the last of several equal ones wins.</summary>
internal sealed class ClusterCommand
{
    private const int MaxMembers = 64;

    private static readonly ClusterOptions Defaults = new();

    // Disable response files, so that "@" has no special meaning.
    private static readonly ParserConfiguration Configuration = new() { ResponseFileTokenReplacer = null };

    private readonly Option<int> _silos = Number("--silos", 1, MaxMembers, Defaults.Silos, "Silo processes.");
    private readonly Option<int> _frontends = Number("--frontends", 1, MaxMembers, Defaults.Frontends, "Frontend processes.");
    private readonly Option<string?> _coHost = Flag("--cohost", "Every frontend hosts a silo itself; there are no silo processes.");
    private readonly Option<string?> _restart = Flag("--restart", "Restart members that end unexpectedly.");

    private readonly Option<string?> _demo = Flag("--demo", "Visitors shop, a silo is killed every 20 s and restarted, and the page /demo shows that nothing is lost.");

    private readonly Option<int> _port = Number(
        "--port", IPEndPoint.MinPort, IPEndPoint.MaxPort, Defaults.Port, "Port of the load balancer on localhost. 0 picks a free one.");

    private readonly Option<int> _respPort = Number(
        "--resp-port", IPEndPoint.MinPort, IPEndPoint.MaxPort, Defaults.RespPort, "Port of the Redis-protocol endpoint on localhost. 0 turns it off.");

    private readonly Option<int> _storePort = Number(
        "--store-port", IPEndPoint.MinPort, IPEndPoint.MaxPort, Defaults.StorePort, "Port of the embedded store on localhost, for your own applications. 0 picks a free one.");

    private readonly Option<string?> _redis = Redis();
    private readonly Option<string?> _data = Path(
        "--data", "DIR", "Directory of the embedded store's data and of the logs. Default: orleans-sessions in the user's data directory.");
    private readonly Option<string?> _statusFile = Path("--status-file", "FILE", "Write the running cluster's description to this file, as JSON, for scripts.");
    private readonly RootCommand _command;

    /// <summary>Creates the command line.</summary>
    /// <param name="run">Runs a cluster and returns the exit code.</param>
    public ClusterCommand(Func<ClusterOptions, Task<int>> run)
    {
        (string, IReadOnlyList<Option>)[] groups =
        [
            ("Members", [_silos, _frontends, _coHost, _restart, _demo]),
            ("Ports", [_port, _respPort, _storePort]),
            ("Storage", [_redis, _data]),
            ("Scripts", [_statusFile]),
        ];
        _command = new RootCommand("Starts a session cluster on this machine: a load balancer, web frontends, silos and a Redis-compatible store.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        foreach (Option option in groups.SelectMany(((string, IReadOnlyList<Option> Options) group) => group.Options))
        {
            _command.Options.Add(option);
        }

        _command.Options.OfType<HelpOption>().Single().Action = new UsageAction(_command, groups);
        _command.SetAction((result, _) => run(Read(result)));
    }

    public ParseResult Parse(IReadOnlyList<string> arguments) => _command.Parse(arguments, Configuration);

    /// <summary>All errors in the arguments; none if they only ask for help or the version.</summary>
    public IReadOnlyList<string> Errors(ParseResult result)
    {
        if (result.Action != _command.Action && result.Action is not ParseErrorAction)
        {
            return [];
        }

        string[] wrong = [.. UnknownArguments.Describe(result.UnmatchedTokens, _command.Options), .. result.Errors.Select(static error => error.Message)];
        return wrong.Length > 0 ? wrong : [.. Read(result).Validate()];
    }

    public ClusterOptions Read(ParseResult result) => new()
    {
        Port = result.GetValue(_port),
        Silos = result.GetValue(_silos),
        Frontends = result.GetValue(_frontends),
        CoHost = result.GetResult(_coHost) is not null,
        RespPort = result.GetValue(_respPort),
        Redis = result.GetValue(_redis),
        StorePort = result.GetValue(_storePort),
        DataDirectory = result.GetValue(_data),
        StatusFile = result.GetValue(_statusFile),
        Restart = result.GetResult(_restart) is not null || result.GetResult(_demo) is not null,
        Demo = result.GetResult(_demo) is not null,
    };

    // Accepts a value only to name it in the error.
    private static Option<string?> Flag(string name, string description)
    {
        var option = new Option<string?>(name) { Arity = ArgumentArity.ZeroOrMore, Description = description, CustomParser = static _ => null };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0)
            {
                result.AddError($"{name} takes no value, but '{result.Tokens[0].Value}' was given");
            }
        });
        return option;
    }

    private static Option<int> Number(string name, int min, int max, int value, string description) => Valued(
        new Option<int>(name)
        {
            HelpName = "N",
            DefaultValueFactory = _ => value,
            Description = description,
            CustomParser = result =>
            {
                string text = Last(result.Tokens);
                if (text.Length == 0)
                {
                    return value;
                }

                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max)
                {
                    return number;
                }

                result.AddError($"{name} must be a number from {min} to {max}, but is '{text}'");
                return value;
            },
        },
        $"a number from {min} to {max}");

    private static Option<string?> Path(string name, string helpName, string description) => Valued(
        new Option<string?>(name)
        {
            HelpName = helpName,
            Description = description,
            CustomParser = static result => Last(result.Tokens) is { Length: > 0 } path ? System.IO.Path.GetFullPath(path) : null,
        },
        "a path");

    private static Option<string?> Redis() => Valued(
        new Option<string?>("--redis")
        {
            HelpName = "HOST:PORT[,...]",
            Description = "Use this Redis server instead of the embedded store: a StackExchange.Redis connection string, or a redis:// or rediss:// address.",
            CustomParser = static result =>
            {
                string text = Last(result.Tokens);
                if (text.Length > 0 && RedisConnectionString.Validate(text) is { } wrong)
                {
                    // The value may contain a password.
                    result.AddError($"--redis (value not shown, it may contain a password): {wrong}");
                }

                return text;
            },
        },
        "HOST:PORT, with options after a comma, or a redis:// or rediss:// address");

    /// <summary>Requires a value; the last of several wins.</summary>
    private static Option<T> Valued<T>(Option<T> option, string value)
    {
        option.Arity = ArgumentArity.ZeroOrMore;
        option.Validators.Add(result =>
        {
            if (!result.Implicit && Last(result.Tokens).Length == 0)
            {
                result.AddError($"{option.Name} needs a value: {value}");
            }
        });
        return option;
    }

    private static string Last(IReadOnlyList<Token> tokens) => tokens.Count > 0 ? tokens[^1].Value.Trim() : "";
}
