namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>How PHP servers are set up.</summary>
/// <param name="Server">Host and port of what keeps the sessions.</param>
internal sealed record PhpSettings(string Server)
{
    public PhpWay Way { get; init; } = PhpWay.PhpIni;

    /// <summary>Options in the address: <c>?auth=secret</c>.</summary>
    public string Options { get; init; } = string.Empty;

    /// <summary>Further lines of php.ini.</summary>
    public IReadOnlyDictionary<string, string> Ini { get; init; } = new Dictionary<string, string>();

    /// <summary>A script that runs before each; null: the one of the way.</summary>
    public string? Prepend { get; init; }

    /// <summary>The address as PHP takes it.</summary>
    public string SavePath => $"tcp://{Server}{Options}";

    /// <summary>The text of php.ini.</summary>
    public string ToIni()
    {
        Dictionary<string, string> lines = new(Ini)
        {
            // Whatever goes wrong shows in the answer, which is no JSON then.
            ["display_errors"] = "1",
            ["error_reporting"] = "-1",
            ["html_errors"] = "0",
            ["auto_prepend_file"] = Prepend ?? Way switch
            {
                PhpWay.IniSet => Repository.Source("samples/php/ini_set.php"),
                PhpWay.HandlerClass => Repository.Source("samples/php/handler.php"),
                _ => string.Empty,
            },
        };
        if (Way == PhpWay.PhpIni)
        {
            lines["session.save_handler"] = "redis";
            lines["session.save_path"] = SavePath;
        }

        return string.Concat(lines.Select(line => $"{line.Key} = \"{line.Value}\"\n"));
    }
}
