using System.Diagnostics;

namespace OrleansSessions.Architecture.Tests.Documentation.Blocks;

/// <summary>Interpreters of this machine, which check the syntax of a text.</summary>
internal static class Interpreter
{
    /// <summary>Checks each block, and returns the errors with their places. Skips the test if the command is missing, unless in CI.</summary>
    public static async Task<IReadOnlyList<string>> ErrorsAsync(IEnumerable<CodeBlock> blocks, string prefix, string program, params string[] arguments)
    {
        bool exists = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
        Assert.SkipUnless(exists || Environment.GetEnvironmentVariable("CI") == "true", $"{program} is not installed.");

        List<string> errors = [];
        foreach (CodeBlock block in blocks)
        {
            string output = await RunAsync(prefix + block.Text + "\n", program, arguments);
            if (output.Length > 0)
            {
                errors.Add($"{block.Place}: {output}");
            }
        }

        return errors;
    }

    /// <summary>Runs a command with a text as its input. Returns what it prints if it fails, otherwise nothing.</summary>
    private static async Task<string> RunAsync(string text, string program, string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(text);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0 ? "" : await output + await errors;
    }
}
