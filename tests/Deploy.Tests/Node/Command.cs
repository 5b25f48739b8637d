using System.Diagnostics;

namespace OrleansSessions.Deploy.Tests.Node;

/// <summary>Command on the node itself, for its network or a probe.</summary>
internal static class Command
{
    /// <summary>Runs a command, which must succeed.</summary>
    /// <returns>Its output.</returns>
    public static string Run(params IReadOnlyList<string> command)
    {
        (int exitCode, string output) = TryRunAsync(TimeSpan.FromSeconds(60), command).GetAwaiter().GetResult();
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)}: exit code {exitCode}\n{output}");
        }

        return output;
    }

    /// <summary>Runs a command, and kills it after a timeout.</summary>
    /// <returns>The exit code and the output.</returns>
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
