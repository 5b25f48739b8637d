using System.Diagnostics;

namespace OrleansSessions.Deploy.Tests.Node;

/// <summary>A command of the node's own: for its network, for a probe.</summary>
internal static class Command
{
    /// <summary>Runs a command, which must succeed.</summary>
    /// <returns>Everything it printed.</returns>
    public static string Run(params IReadOnlyList<string> command)
    {
        (int exitCode, string output) = TryRunAsync(TimeSpan.FromSeconds(10), command).GetAwaiter().GetResult();
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)}: exit code {exitCode}\n{output}");
        }

        return output;
    }

    /// <summary>Runs a command; one that takes too long is killed.</summary>
    /// <returns>The exit code and everything it printed.</returns>
    public static async Task<(int ExitCode, string Output)> TryRunAsync(TimeSpan timeout, params IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(timeout);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        return (process.ExitCode, await output + await errors);
    }
}
