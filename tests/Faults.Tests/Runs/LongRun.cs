using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using OrleansSessions.Faults.Tests.Nemeses;

namespace OrleansSessions.Faults.Tests.Runs;

/// <summary>
/// Long run: nemeses one after the other, round after round, until the time is over; prints the table. Ctrl-C and SIGTERM end it early, and leave no process and no
/// network behind.
/// </summary>
internal static class LongRun
{
    private const int Interrupted = 130;

    public static async Task<int> RunAsync(RunOptions options)
    {
        TaskCompletionSource interrupted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Interrupt(PosixSignalContext signal)
        {
            signal.Cancel = true;
            interrupted.TrySetResult();
        }

        using PosixSignalRegistration keyboard = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using PosixSignalRegistration termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        IReadOnlyList<Nemesis> nemeses = options.Nemeses.Count == 0 ? Catalogue.All : [.. options.Nemeses.Select(Catalogue.Find)];
        Dictionary<string, RunResult> results = [];
        long started = Stopwatch.GetTimestamp();
        Random random = new(options.Seed);
        await using ClusterHolder holder = new();
        do
        {
            foreach (Nemesis nemesis in nemeses)
            {
                int seed = random.Next();
                Task<RunResult> running = holder.RunAsync(nemesis, seed, Console.WriteLine);
                if (await Task.WhenAny(running, interrupted.Task) != running)
                {
                    Console.Write(ResultTable.Write(results.Values));
                    return Interrupted;
                }

                RunResult result = await running;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Stopwatch.GetElapsedTime(started):hh\\:mm\\:ss} {nemesis.Name}, seed {seed}: "
                    + $"{result.Requests} requests, {result.Failed} failed (+{result.Excused} while away), "
                    + $"slowest {result.Slowest.TotalSeconds:0.0} s, {result.Stale} stale, {result.Lost} lost, {result.Twice} twice; "
                    + $"whole after {result.WholeAfter.TotalSeconds:0.0} s, {result.Ends} ended"));
                results[nemesis.Name] = results.TryGetValue(nemesis.Name, out RunResult? before) ? before + result : result;
            }
        }
        while (Stopwatch.GetElapsedTime(started) < options.Length);

        Console.WriteLine();
        string table = ResultTable.Write(results.Values);
        Console.Write(table);
        if (options.WritesReport)
        {
            ReliabilityPage.Write(table, options.Seed, Stopwatch.GetElapsedTime(started));
        }

        return results.Values.All(result => result is { IsCorrect: true, Failed: 0 }) ? 0 : 1;
    }
}
