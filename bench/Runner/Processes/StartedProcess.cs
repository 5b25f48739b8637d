using System.Diagnostics;
using System.Globalization;

namespace OrleansSessions.Bench.Runner.Processes;

/// <summary>
/// Process of a stack. It leads its own Unix session, which ends with it; if the runner dies first, the kernel ends the process. Its output goes to a log file.
/// </summary>
internal sealed class StartedProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly LiveProcess? _leader;

    private StartedProcess(string role, Process process, StreamWriter log)
    {
        Role = role;
        _process = process;
        _log = log;
        _leader = LiveProcess.Find(process.Id);
    }

    /// <summary>Its role in the stack: <c>redis</c>, <c>silo</c>, <c>frontend</c>, <c>balancer</c>.</summary>
    public string Role { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>CPU time of the process and its running children.</summary>
    public TimeSpan ProcessorTime => (_leader?.FindSession() ?? []).Aggregate(TimeSpan.Zero, (sum, process) => sum + ProcessStatistics.ProcessorTime(process.Id));

    /// <summary>Resident memory of all of them, in bytes. Shared pages count for each.</summary>
    public long ResidentBytes => (_leader?.FindSession() ?? []).Sum(process => ProcessStatistics.ResidentBytes(process.Id));

    /// <summary>Starts a program.</summary>
    /// <param name="role">Its role in the stack.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="logFile">The file for its output.</param>
    /// <param name="environment">Variables added to the runner's.</param>
    public static StartedProcess Start(string role, IReadOnlyList<string> command, string logFile, IReadOnlyDictionary<string, string>? environment = null)
    {
        // Terminate masters of workers (nginx, PHP-FPM) gracefully: they stop their workers then, but not when killed.
        var start = new ProcessStartInfo("setsid", ["setpriv", "--pdeathsig", "TERM", "--", .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string key, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        StreamWriter log = File.CreateText(logFile);
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Write(log, line.Data);
        process.ErrorDataReceived += (_, line) => Write(log, line.Data);
        LaunchThread.Invoke(process.Start);
        var started = new StartedProcess(role, process, log);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(Signal.Terminate);
        await EndAsync(Signal.Kill);
        _process.Dispose();
        lock (_log)
        {
            _log.Dispose();
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Role} ({_process.Id})");

    private async Task EndAsync(Signal signal)
    {
        long started = Stopwatch.GetTimestamp();
        bool told = false;
        while (_leader?.FindSession() is { Count: > 0 } left && Stopwatch.GetElapsedTime(started) < StopTimeout)
        {
            // Leave workers to their master. Kill whatever is left, repeatedly.
            if (signal == Signal.Kill || !told)
            {
                foreach (LiveProcess process in signal == Signal.Kill ? left : left.Where(process => process.Id == _leader.Id))
                {
                    process.Send(signal);
                }

                told = true;
            }

            await Task.Delay(Poll);
        }
    }

    private static void Write(StreamWriter log, string? line)
    {
        lock (log)
        {
            if (line is not null && log.BaseStream.CanWrite)
            {
                log.WriteLine(line);
                log.Flush();
            }
        }
    }
}
