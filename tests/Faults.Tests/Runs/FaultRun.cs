using System.Diagnostics;
using System.Globalization;
using OrleansSessions.Faults.Tests.Checking;
using OrleansSessions.Faults.Tests.Cluster;
using OrleansSessions.Faults.Tests.Nemeses;
using OrleansSessions.Faults.Tests.Workloads;

namespace OrleansSessions.Faults.Tests.Runs;

/// <summary>One run: sessions in use, a nemesis, recovery of the cluster, and the check of every history.</summary>
internal static class FaultRun
{
    private const int MaxRequests = 5;

    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan WholeTimeout = TimeSpan.FromSeconds(120);

    public static async Task<RunResult> RunAsync(FaultCluster cluster, Nemesis nemesis, int seed, Action<string> report)
    {
        int ends = cluster.Ends;
        long origin = Stopwatch.GetTimestamp();
        await using Workload workload = Workload.Start(cluster, seed);
        Scene scene = new(cluster, workload, new Random(seed));
        await WarmUpAsync(workload.Log);
        long begin = Stopwatch.GetTimestamp();
        TimeSpan whole = WholeTimeout;
        try
        {
            await nemesis.ActAsync(scene);
            whole = await cluster.UntilWholeAsync(WholeTimeout);
            await Task.Delay(Settle);
        }
        catch (TimeoutException late)
        {
            scene.Expect(false, late.Message);
        }

        scene.Say("the end");
        await workload.FinishAsync();

        foreach ((long at, string what) in scene.Deeds)
        {
            report(string.Create(CultureInfo.InvariantCulture, $"  {Stopwatch.GetElapsedTime(origin, at).TotalSeconds,6:0.0} s: {what}"));
        }

        Evidence evidence = new(string.Create(CultureInfo.InvariantCulture, $"{nemesis.Name}-{seed}"));
        List<Verdict> verdicts = [];
        foreach (Subject subject in workload.Subjects)
        {
            Verdict verdict = subject.Check(scene.Loss);
            verdicts.Add(verdict);
            if (!verdict.IsCorrect)
            {
                report($"  {subject.History.Session}: {Evidence.Describe(verdict.Violations[0], origin)}\n    {evidence.Write(subject.History, verdict, scene, origin)}");
            }
        }

        foreach (string promise in scene.Disappointments)
        {
            report($"  not kept: {promise}");
        }

        Request[] requests = [.. workload.Log.Requests.Where(request => request.Ended >= begin)];
        Request[] failures = [.. requests.Where(request => request.Failure is not null)];
        Request[] failed = [.. failures.Where(request => !scene.IsExcused(request.Ended))];
        foreach (Request request in failed.Take(MaxRequests))
        {
            report($"  failed: {Describe(request, origin)}: {request.Failure}");
        }

        Request[] slowest = [.. requests.OrderByDescending(LengthOf).Take(MaxRequests)];
        foreach (Request request in slowest.Where(request => LengthOf(request) > Slow))
        {
            report($"  slow: {Describe(request, origin)}");
        }

        return new RunResult
        {
            Fault = nemesis.Fault,
            Requests = workload.Log.Requests.Count + workload.Log.Commands,
            Failed = failed.Length,
            Excused = failures.Length - failed.Length,
            Slowest = LengthOf(slowest[0]),
            Disappointments = scene.Disappointments.Count,
            Stale = verdicts.Sum(verdict => verdict.Count(ViolationKind.Stale)),
            Lost = verdicts.Sum(verdict => verdict.Count(ViolationKind.Lost)),
            Twice = verdicts.Sum(verdict => verdict.Count(ViolationKind.Twice)),
            WholeAfter = whole,
            Ends = cluster.Ends - ends,
        };
    }

    private static TimeSpan LengthOf(Request request) => Stopwatch.GetElapsedTime(request.Started, request.Ended);

    private static string Describe(Request request, long origin) => string.Create(
        CultureInfo.InvariantCulture,
        $"{request.What}, from {Stopwatch.GetElapsedTime(origin, request.Started).TotalSeconds:0.000} to {Stopwatch.GetElapsedTime(origin, request.Ended).TotalSeconds:0.000} s");

    // A newly started process is slow for reasons unrelated to the fault.
    private static async Task WarmUpAsync(RequestLog log)
    {
        long started = Stopwatch.GetTimestamp();
        do
        {
            await Task.Delay(WarmUp);
        }
        while (!log.IsSmooth(WarmUp) && Stopwatch.GetElapsedTime(started) < LongestWarmUp);
    }
}
