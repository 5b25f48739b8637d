using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OrleansSessions.Bench.Runner.Processes;

namespace OrleansSessions.Bench.Runner.Load;

/// <summary>
/// Load generator wrk. It has no rate limit, so at equal load its connections pause after each response, for much longer than a response takes.
/// </summary>
internal static class Wrk
{
    /// <param name="url">The stack.</param>
    /// <param name="workload">The workload.</param>
    /// <param name="cookies">A file of cookies; null if the workload uses no session.</param>
    /// <param name="seconds">The duration.</param>
    public static async Task<WrkResult> RunAsync(Uri url, Workload workload, string? cookies, int seconds)
    {
        List<string> arguments =
        [
            "-t1", Invariant($"-c{workload.Connections}"), Invariant($"-d{seconds}s"), "--timeout", "10s",
            "-s", Repository.Source("bench/load/sessions.lua"), url.ToString(), "--",
            cookies ?? "-",
            Invariant($"{workload.Think.Min}:{workload.Think.Max}"),
            workload.Sessions == SessionChoice.Fresh ? "follow" : "-",
        ];
        foreach (RequestShare request in workload.Requests)
        {
            arguments.AddRange([request.Method, request.Path, Invariant($"{request.Weight}")]);
        }

        var start = new ProcessStartInfo(Programs.Find("wrk"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("wrk did not start.");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output.Split('\n').LastOrDefault(line => line.StartsWith('{')) is { } line
            ? JsonSerializer.Deserialize<WrkResult>(line, JsonSerializerOptions.Web)!
            : throw new InvalidOperationException($"wrk printed no result.\n{output}\n{await errors}");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
