using System.Diagnostics;
using System.Globalization;
using OrleansSessions.Faults.Tests.Nemeses;

namespace OrleansSessions.Faults.Tests.Runs;

/// <summary>Long run: nemeses one after the other, round after round, until the time is over; prints the table.</summary>
internal static class LongRun
{
    public static async Task<int> RunAsync(RunOptions options)
    {
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
                RunResult result = await holder.RunAsync(nemesis, seed, Console.WriteLine);
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
