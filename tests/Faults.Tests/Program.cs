using OrleansSessions.Faults.Tests.Runs;

// Runs the tests like any other test project or, with "run" first, a long run.
if (args is not ["run", .. string[] options])
{
    return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
}

try
{
    return await LongRun.RunAsync(RunOptions.Parse(options));
}
catch (Exception wrong) when (wrong is FormatException or ArgumentException)
{
    Console.Error.WriteLine(wrong.Message);
    Console.Error.WriteLine(RunOptions.Usage);
    return 2;
}
