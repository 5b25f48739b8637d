using Spectre.Console;

namespace OrleansSessions.LocalCluster.Display;

internal static class ClusterDisplay
{
    /// <summary>Creates a live table on a terminal, plain lines otherwise.</summary>
    public static IClusterDisplay Create() =>
        !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities is { Ansi: true, Interactive: true }
            ? new LiveDisplay(AnsiConsole.Console)
            : new PlainDisplay(Console.Out, Console.Error);
}
