using System.Globalization;

namespace OrleansSessions.Bench.App.Counting;

/// <summary>Endpoints that tell what this process has used so far.</summary>
internal static class CounterEndpoints
{
    public static void MapCounters(this IEndpointRouteBuilder endpoints)
    {
        // Bytes allocated since the start.
        endpoints.MapGet("/allocated", static context => context.Response.WriteAsync(Text(GC.GetTotalAllocatedBytes(precise: true))));

        // Grain calls, if a silo is in this process.
        if (endpoints.ServiceProvider.GetService<GrainCallCounter>() is { } calls)
        {
            endpoints.MapGet("/grain-calls", context => context.Response.WriteAsync(Text(calls.Read())));
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
