using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using Spectre.Console;

namespace OrleansSessions.LocalCluster.Options;

/// <summary>Help text of the launcher: options in groups, examples, exit codes.</summary>
internal sealed class UsageAction(Command command, IReadOnlyList<(string Title, IReadOnlyList<Option> Options)> groups) : SynchronousCommandLineAction
{
    private const string Launcher = "dotnet run --project src/LocalCluster --";

    private static readonly (string Arguments, string Effect)[] Examples =
    [
        ("", "2 silos and 3 frontends behind http://localhost:8080"),
        ("--demo", "visitors shop while silos are killed: http://localhost:8080/demo"),
        ("--silos 3 --restart", "3 silos; a killed one is restarted"),
        ("--cohost --redis localhost:6379", "silos inside the frontends, sessions in your own Redis"),
    ];

    public override bool Terminating => true;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        Write(AnsiConsole.Console);
        return 0;
    }

    public void Write(IAnsiConsole console)
    {
        console.WriteLine(command.Description ?? "");
        Title(console, "Usage");
        console.WriteLine($"  {Launcher} [options]");
        foreach ((string title, IReadOnlyList<Option> options) in groups)
        {
            Title(console, title);
            Rows(console, options.Select(static option => ($"{option.Name} {option.HelpName}".TrimEnd(), Describe(option))));
        }

        Title(console, "Examples");
        foreach ((string arguments, string effect) in Examples)
        {
            console.WriteLine($"  {Launcher} {arguments}".TrimEnd());
            console.WriteLine($"      {effect}", new Style(decoration: Decoration.Dim));
        }

        console.WriteLine();
        console.WriteLine("Ctrl-C stops everything in order, a second one at once. Exit codes: 0 stopped, 1 could not start, 2 wrong options.");
    }

    private static void Title(IAnsiConsole console, string title)
    {
        console.WriteLine();
        console.WriteLine(title, new Style(Color.Green, decoration: Decoration.Bold));
    }

    private static void Rows(IAnsiConsole console, IEnumerable<(string Option, string Description)> rows)
    {
        var grid = new Grid().AddColumn(new GridColumn().Width(28).Padding(2, 0, 2, 0)).AddColumn(new GridColumn().Padding(0, 0));
        foreach ((string option, string description) in rows)
        {
            grid.AddRow(new Text(option, new Style(Color.Aqua)), new Text(description));
        }

        console.Write(grid);
    }

    private static string Describe(Option option) =>
        option.HasDefaultValue && option.GetDefaultValue() is { } value and not false
            ? string.Create(CultureInfo.InvariantCulture, $"{option.Description} Default: {value}.")
            : option.Description ?? "";
}
