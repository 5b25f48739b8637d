using OrleansSessions.Bench.Runner;
using OrleansSessions.Bench.Runner.Measuring;
using OrleansSessions.Bench.Runner.Reports;

if (args is ["readme"])
{
    ReadmeSection.Update();
    return 0;
}

if (BenchSettings.Parse(args) is not { Groups.Count: > 0, Workloads.Count: > 0 } settings)
{
    Console.Error.WriteLine("bench.sh [--quick] [--stacks NAME,...] [--workloads NAME,...] [--rounds N] [--seconds N], or bench.sh readme");
    return 2;
}

var report = new Report(settings);
foreach (var group in settings.Groups)
{
    await using var run = new GroupRun(group, settings);
    await run.RunAsync();
    report.Add(run);
}

report.Write();
return report.HasWrongAnswers ? 1 : 0;
