using System.CommandLine;
using OrleansSessions.LocalCluster;
using OrleansSessions.LocalCluster.Display;
using OrleansSessions.LocalCluster.Failures;
using OrleansSessions.LocalCluster.Lifetime;
using OrleansSessions.LocalCluster.Options;

var command = new ClusterCommand(RunAsync);
ParseResult parsed = command.Parse(args);
IReadOnlyList<string> errors = command.Errors(parsed);
if (errors.Count > 0)
{
    foreach (string error in errors)
    {
        Console.Error.WriteLine($"error: {error}");
    }

    Console.Error.WriteLine("See: dotnet run --project src/LocalCluster -- --help");
    return 2;
}

// StopSignals handles the signals.
return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });

static async Task<int> RunAsync(ClusterOptions options)
{
    using var signals = new StopSignals();
    try
    {
        await using var display = ClusterDisplay.Create();
        await Cluster.RunAsync(options, display, signals.Stop, signals.ForceStop);
        return 0;
    }
    catch (ClusterStartException exception)
    {
        Console.Error.WriteLine($"error: {exception.Message}");
        return 1;
    }
}
