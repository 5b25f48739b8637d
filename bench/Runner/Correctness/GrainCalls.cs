using System.Globalization;
using OrleansSessions.Bench.Runner.Load;
using OrleansSessions.Bench.Runner.Stacks;

namespace OrleansSessions.Bench.Runner.Correctness;

/// <summary>Grain calls of one request, from Orleans' own counter. Counted apart from the load, because wrk abandons some requests when it stops.</summary>
/// <param name="Login">The calls of a login that rotates the session.</param>
/// <param name="SignIn">The calls of one that also lists the session among its user's.</param>
internal sealed record GrainCalls(double Login, double SignIn)
{
    private const int Requests = 200;
    private const int Parallelism = 16;
    private const int Rounds = 2;

    /// <summary>A silo's Prometheus exporter repeats its figures for 300 ms.</summary>
    private static readonly TimeSpan Repeated = TimeSpan.FromMilliseconds(350);

    public static async Task<GrainCalls> CountAsync(RunningStack stack, HttpClient client) =>
        new(await CountAsync(stack, client, "/login"), await CountAsync(stack, client, "/signin"));

    // Once a minute, all of a silo's reminders are calls too: the least of the rounds is without them.
    private static async Task<double> CountAsync(RunningStack stack, HttpClient client, string path)
    {
        double least = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            IReadOnlyList<string> cookies = await SessionPool.CreateAsync(client, stack.Url, Requests, Workload.UsualBytes);

            // A visitor has used the session before, so it is active.
            await SendAsync(stack, client, cookies, "/write");
            long before = await ReadAsync(stack, client);
            await SendAsync(stack, client, cookies, path);
            least = Math.Min(least, (double)(await ReadAsync(stack, client) - before) / Requests);
        }

        return least;
    }

    private static Task SendAsync(RunningStack stack, HttpClient client, IReadOnlyList<string> cookies, string path) =>
        Parallel.ForEachAsync(cookies, new ParallelOptions { MaxDegreeOfParallelism = Parallelism }, async (cookie, cancellationToken) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(stack.Url, path));
            request.Headers.Add("Cookie", cookie);
            using HttpResponseMessage response = await client.SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();
        });

    private static async Task<long> ReadAsync(RunningStack stack, HttpClient client)
    {
        await Task.Delay(Repeated);
        long calls = 0;
        foreach (Uri silo in stack.Silos)
        {
            calls += Find(await client.GetStringAsync(new Uri(silo, "/metrics")));
        }

        foreach (Uri frontend in stack.Plan.Home == SessionHome.CoHost ? stack.AspNetFrontends : [])
        {
            calls += Number(await client.GetStringAsync(new Uri(frontend, "/grain-calls")));
        }

        return calls;
    }

    // A line such as: orleans_messaging_processing_dispatcher_processed_total{...,Direction="Request",Status="Ok"} 64
    private static long Find(string metrics) => Number(metrics.Split('\n').Single(static line =>
        line.StartsWith("orleans_messaging_processing_dispatcher_processed_total{", StringComparison.Ordinal)
        && line.Contains("Direction=\"Request\"", StringComparison.Ordinal)
        && line.Contains("Status=\"Ok\"", StringComparison.Ordinal)).Split(' ')[^1]);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
