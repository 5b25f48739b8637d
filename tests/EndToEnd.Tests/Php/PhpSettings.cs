namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Settings of PHP servers.</summary>
/// <param name="Server">Host and port of the session store, or the path of its Unix socket.</param>
internal sealed record PhpSettings(string Server)
{
    public PhpWay Way { get; init; } = PhpWay.PhpIni;

    /// <summary>Options in the address: <c>?auth=secret</c>.</summary>
    public string Options { get; init; } = string.Empty;

    /// <summary>Further lines of php.ini.</summary>
    public IReadOnlyDictionary<string, string> Ini { get; init; } = new Dictionary<string, string>();

    /// <summary>A script that runs before each; null: the default of the chosen way.</summary>
    public string? Prepend { get; init; }

    /// <summary>The address in PHP's syntax.</summary>
    public string SavePath => $"{(Server.StartsWith('/') ? "unix" : "tcp")}://{Server}{Options}";

    /// <summary>The text of php.ini.</summary>
    public string ToIni()
    {
        Dictionary<string, string> lines = new(Ini)
        {
            // Errors are shown in the output, which is then not valid JSON.
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
