using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Processes;

/// <summary>
/// Program under test. It leads its own Unix session, which is killed as a whole on disposal, including process groups created by a shell in it. If the test host
/// dies first, the kernel signals the program.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FreezeTimeout = TimeSpan.FromSeconds(60);
    private static readonly LiveProcess EndedAtOnce = new(Id: 0, Session: 0, Started: long.MaxValue);
    private static int _started;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly StreamWriter _log;
    private LiveProcess _leader = EndedAtOnce;

    private ChildProcess(string name, Process process, StreamWriter log)
    {
        Name = name;
        _process = process;
        _log = log;
    }

    /// <summary>The name, made unique by the current test and a number; used for the log file.</summary>
    public string Name { get; }

    /// <summary>The id of the program's process, and of the session of all its processes.</summary>
    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The exit code, once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>All output of the program and its children.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>The living processes of its session.</summary>
    public IReadOnlyList<LiveProcess> Processes => _leader.FindSession();

    /// <summary>Starts a program.</summary>
    /// <param name="name">The display name.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Variables added to the test host's.</param>
    /// <param name="onParentDeath">The signal it gets if the test host dies.</param>
    public static ChildProcess Start(
        string name,
        IReadOnlyList<string> command,
        IReadOnlyDictionary<string, string>? environment = null,
        Signal onParentDeath = Signal.Kill)
    {
        string[] supervised = ["setpriv", "--pdeathsig", onParentDeath == Signal.Kill ? "KILL" : "TERM", "--", .. command];
        var start = new ProcessStartInfo("setsid", supervised)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string key, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        name = NameFor(name);
        var child = new ChildProcess(name, new Process { StartInfo = start }, File.CreateText(Path.Combine(Repository.Results, name + ".log")));
        child._process.OutputDataReceived += (_, line) => child.Record(line.Data);
        child._process.ErrorDataReceived += (_, line) => child.Record(line.Data);
        LaunchThread.Invoke(child._process.Start);
        child._leader = LiveProcess.Find(child._process.Id) ?? EndedAtOnce;
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    public void Send(Signal signal) => _leader.Send(signal);

    /// <summary>
    /// Stops it until <see cref="Signal.Continue"/>. Returns when it has stopped: on a busy machine a process still answers for tens of milliseconds after the signal.
    /// </summary>
    public Task FreezeAsync()
    {
        Send(Signal.Stop);
        return Eventually.TrueAsync($"{Name} is frozen", FreezeTimeout, () => _leader.IsFrozen);
    }

    /// <summary>Waits for a condition that the program brings about. Fails at once with its output if the program ends first.</summary>
    public Task<TimeSpan> UntilAsync(string what, TimeSpan within, Func<bool> condition) => Eventually.TrueAsync($"{Name}: {what}", within, () =>
        condition() || (HasExited ? throw new InvalidOperationException($"{Name} ended before: {what}.\n{Output}") : false));

    /// <summary>Waits for a program that ends by itself.</summary>
    /// <returns>Its output.</returns>
    public async Task<string> ReadToEndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return Output.TrimEnd();
    }

    /// <summary>Sends a signal and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync(Signal signal, TimeSpan within)
    {
        Send(signal);
        await Eventually.TrueAsync($"{Name} ends after {signal}", within, () => HasExited);
        return _process.ExitCode;
    }

    /// <summary>Kills it and all processes of its session, which can outlive the leader.</summary>
    public Task KillAllAsync() => Eventually.TrueAsync($"{Name} and its processes are dead", KillTimeout, () =>
    {
        // Repeatedly, because a process about to be killed may have started another.
        IReadOnlyList<LiveProcess> left = Processes;
        foreach (LiveProcess process in left)
        {
            process.Send(Signal.Kill);
        }

        return left.Count == 0 && HasExited;
    });

    public async ValueTask DisposeAsync()
    {
        await KillAllAsync();
        _process.Dispose();
        lock (_log)
        {
            _log.Dispose();
        }
    }

    // The current test or collection, and a number.
    private static string NameFor(string name)
    {
        ITestContext context = TestContext.Current;
        string owner = context.TestClass?.TestClassSimpleName ?? context.TestCollection?.TestCollectionClassName?.Split('.')[^1] ?? "run";
        int number = Interlocked.Increment(ref _started);
        return $"{owner}-{number:000}-{name}";
    }

    private void Record(string? line)
    {
        if (line is null)
        {
            return;
        }

        _lines.Enqueue(line);
        lock (_log)
        {
            if (_log.BaseStream.CanWrite)
            {
                _log.WriteLine(line);
            }
        }
    }
}
