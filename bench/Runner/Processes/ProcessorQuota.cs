namespace OrleansSessions.Bench.Runner.Processes;

/// <summary>Control group whose processes get the time of one core, on any core.</summary>
internal sealed class ProcessorQuota : IDisposable
{
    private const string Root = "/sys/fs/cgroup";
    private const int PeriodMicroseconds = 100_000;

    private readonly string _folder;

    /// <summary>Creates the group. Needs root.</summary>
    public ProcessorQuota(string name)
    {
        // Version 1 has a hierarchy per controller.
        bool isUnified = File.Exists(Path.Combine(Root, "cgroup.controllers"));
        string group = $"orleans-sessions-bench-{Environment.ProcessId}-{name}";
        _folder = isUnified ? Path.Combine(Root, group) : Path.Combine(Root, "cpu", group);
        Directory.CreateDirectory(_folder);
        if (isUnified)
        {
            Write("cpu.max", $"{PeriodMicroseconds} {PeriodMicroseconds}");
        }
        else
        {
            Write("cpu.cfs_period_us", $"{PeriodMicroseconds}");
            Write("cpu.cfs_quota_us", $"{PeriodMicroseconds}");
        }
    }

    /// <summary>Start of a command line that runs the rest of it in the group. The runtime reads the quota when it starts.</summary>
    public string[] Command => ["sh", "-c", $"echo $$ > {Path.Combine(_folder, "cgroup.procs")} && exec \"$@\"", "sh"];

    /// <summary>Removes the group. Its processes must have ended.</summary>
    public void Dispose() => Directory.Delete(_folder);

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text);
}
