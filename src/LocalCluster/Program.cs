using OrleansSessions.LocalCluster;
using OrleansSessions.LocalCluster.Display;
using OrleansSessions.LocalCluster.Options;

var arguments = Arguments.Parse(args);
if (arguments.HelpRequested)
{
    Console.Out.Write(Usage.Text);
    return 0;
}

if (arguments.Errors.Count > 0)
{
    foreach (var error in arguments.Errors)
    {
        Console.Error.WriteLine($"error: {error}");
    }

    Console.Error.WriteLine("See --help.");
    return 2;
}

using var signals = new StopSignals();
try
{
    await using var display = ClusterDisplay.Create();
    await Cluster.RunAsync(arguments.Options, display, signals.Stop, signals.Hurry);
    return 0;
}
catch (ClusterStartException exception)
{
    Console.Error.WriteLine($"error: {exception.Message}");
    return 1;
}
