using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using OrleansSessions.Bench.Runner.Processes;

namespace OrleansSessions.Bench.Runner.Reports;

/// <summary>Machine that the figures were measured on.</summary>
/// <param name="Hardware">Processor, cores, memory.</param>
/// <param name="Software">Names and versions.</param>
internal sealed record Machine(string Hardware, string Software)
{
    public static Machine Describe()
    {
        string processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            ?? RuntimeInformation.ProcessArchitecture.ToString();
        double gigabytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9;
        string[] software =
        [
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription,
            FirstLine("redis-server", "--version").Split(" sha")[0],
            FirstLine("nginx", "-v"),
            FirstLine(Programs.FindPhpFpm(), "--version").Split(" (")[0],
            $"node {FirstLine("node", "--version")}",
            FirstLine("wrk", "--version").Split(" [")[0],
        ];
        return new Machine(
            string.Create(CultureInfo.InvariantCulture, $"{processor}, {Environment.ProcessorCount} cores, {gigabytes:F0} GB"),
            string.Join("; ", software));
    }

    // Some programs print their version to the error output, and some fail after printing it.
    private static string FirstLine(string program, string argument)
    {
        var start = new ProcessStartInfo(Programs.Find(program), argument) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        string output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return output.Trim().Split('\n')[0];
    }
}
