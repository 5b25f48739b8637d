using OrleansSessions.Bench.Runner;
using OrleansSessions.Bench.Runner.Growth;
using OrleansSessions.Bench.Runner.Measuring;
using OrleansSessions.Bench.Runner.Reports;

if (args is ["growth", .. string[] growthArgs])
{
    if (GrowthSettings.Parse(growthArgs) is not { } growth)
    {
        Console.Error.WriteLine("bench.sh growth [--sessions N,...] [--reminders N]");
        return 2;
    }

    return await GrowthReport.RunAsync(growth, keep: growthArgs.Length == 0) ? 0 : 1;
}

if (BenchSettings.Parse(args) is not { Groups.Count: > 0, Workloads.Count: > 0 } settings)
{
    Console.Error.WriteLine("bench.sh [GROUP ...], bench.sh [--quick] [--stacks NAME,...] [--workloads NAME,...] [--rounds N] [--seconds N], or bench.sh growth");
    return 2;
}

bool good = true;
foreach (var group in settings.Groups)
{
    await using var run = new GroupRun(group, settings);
    await run.RunAsync();

    // Write after each group, so that a failure of a later one loses nothing.
    good &= Report.Write(settings, run);
}

good &= !settings.IsComplete || await GrowthReport.RunAsync(GrowthSettings.Complete, keep: true);
return good ? 0 : 1;
