using System.Globalization;
using OrleansSessions.Connectivity.Redis;

namespace OrleansSessions.LocalCluster.Options;

/// <summary>Reads the command line. Options are <c>--name value</c> or <c>--name=value</c>; the last of several equal ones wins.</summary>
internal static class Arguments
{
    private const int MaxMembers = 64;

    public static ParsedArguments Parse(IReadOnlyList<string> arguments)
    {
        var options = new ClusterOptions();
        var errors = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = Split(arguments[i]);
            switch (name)
            {
                case "--help" or "-h" or "-?":
                    return new ParsedArguments { HelpRequested = true };
                case "--cohost":
                    options = options with { CoHost = Flag(name, value, errors) };
                    break;
                case "--restart":
                    options = options with { Restart = Flag(name, value, errors) };
                    break;
                case "--port":
                    options = options with { Port = Number(name, Value(ref i), 0, 65535, errors) };
                    break;
                case "--silos":
                    options = options with { Silos = Number(name, Value(ref i), 1, MaxMembers, errors) };
                    break;
                case "--frontends":
                    options = options with { Frontends = Number(name, Value(ref i), 1, MaxMembers, errors) };
                    break;
                case "--resp-port":
                    options = options with { RespPort = Number(name, Value(ref i), 0, 65535, errors) };
                    break;
                case "--redis":
                    options = options with { Redis = Redis(name, Value(ref i), errors) };
                    break;
                case "--data":
                    options = options with { DataDirectory = Path(name, Value(ref i), errors) };
                    break;
                case "--status-file":
                    options = options with { StatusFile = Path(name, Value(ref i), errors) };
                    break;
                default:
                    errors.Add($"unknown option '{name}'");
                    break;
            }

            string? Value(ref int index) =>
                value ?? (index + 1 < arguments.Count && !arguments[index + 1].StartsWith("--", StringComparison.Ordinal) ? arguments[++index] : null);
        }

        return new ParsedArguments { Options = options, Errors = errors };
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.StartsWith("--", StringComparison.Ordinal) ? argument.IndexOf('=', StringComparison.Ordinal) : -1;
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }

    private static bool Flag(string name, string? value, List<string> errors)
    {
        if (value is not null)
        {
            errors.Add($"{name} takes no value, but '{value}' was given");
        }

        return true;
    }

    private static int Number(string name, string? value, int min, int max, List<string> errors)
    {
        if (value is null)
        {
            errors.Add($"{name} needs a value: a number from {min} to {max}");
        }
        else if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < min || number > max)
        {
            errors.Add($"{name} must be a number from {min} to {max}, but is '{value}'");
        }
        else
        {
            return number;
        }

        return min;
    }

    private static string? Path(string name, string? value, List<string> errors)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            errors.Add($"{name} needs a value: a path");
            return null;
        }

        return System.IO.Path.GetFullPath(value);
    }

    // The value may hold a password, so no message repeats it.
    private static string? Redis(string name, string? value, List<string> errors)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            errors.Add($"{name} needs a value: HOST:PORT, with options after a comma, or a redis:// or rediss:// address");
            return null;
        }

        try
        {
            RedisConnectionString.Parse(value);
        }
        catch (FormatException exception)
        {
            errors.Add($"{name} (not repeated here, it may hold a password): {exception.Message}");
        }

        return value;
    }
}
