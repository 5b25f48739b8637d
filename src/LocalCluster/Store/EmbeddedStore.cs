using System.Diagnostics;
using System.Globalization;
using Garnet;
using Microsoft.Extensions.Logging;
using OrleansSessions.LocalCluster.Failures;
using OrleansSessions.LocalCluster.Logs;
using StackExchange.Redis;

namespace OrleansSessions.LocalCluster.Store;

/// <summary>Garnet, a Redis-compatible server, inside the launcher. It acknowledges a write once it is in the append-only file.</summary>
internal sealed class EmbeddedStore : IClusterStore
{
    // Orleans' membership key for the default names.
    private const string Members = "orleans-sessions/members/orleans-sessions";

    // Above this size a checkpoint replaces the append-only file. Otherwise the file and the start-up time would grow forever. Space is freed in segments.
    private const string MaxAppendOnlyFile = "64m";
    private const string AppendOnlyFileSegment = "32m";

    // A checkpoint writes the whole index. This size holds a million keys, and the index grows beyond.
    private const string IndexSize = "16m";
    private const string MaxIndexSize = "1g";

    private const int StallLimitMs = 10_000;

    private readonly GarnetServer _server;
    private readonly ILoggerFactory _loggers;

    private EmbeddedStore(GarnetServer server, ILoggerFactory loggers, int port)
    {
        _server = server;
        _loggers = loggers;
        Address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
    }

    /// <summary>The store shares this machine with all members: it is not away while they all stall.</summary>
    public string ConnectionString => $"{Address},asyncTimeout={StallLimitMs}";

    public string Address { get; }

    public bool IsEmbedded => true;

    public string Description => "embedded Garnet";

    public static EmbeddedStore Start(string directory, int port, LogFile log)
    {
        ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(new LogFileLoggerProvider(log)));
        try
        {
            var server = new GarnetServer(Arguments(directory, port), loggers);

            // Garnet writes trace output to the console, which shows the table of members.
            foreach (ConsoleTraceListener listener in Trace.Listeners.OfType<ConsoleTraceListener>().ToArray())
            {
                Trace.Listeners.Remove(listener);
            }

            server.Start();
            ForgetMembers(port);
            return new EmbeddedStore(server, loggers, port);
        }
        catch (Exception exception)
        {
            loggers.Dispose();
            throw new ClusterStartException($"the embedded store could not start on {directory}: {exception.Message} Its log: {log.Path}", exception);
        }
    }

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        _loggers.Dispose();
        return ValueTask.CompletedTask;
    }

    // Only one launcher uses the data directory, so the silos of an earlier run are gone. Killed silos are still listed, and new ones would wait for them.
    private static void ForgetMembers(int port)
    {
        using var connection = ConnectionMultiplexer.Connect(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"));
        connection.GetDatabase().KeyDelete(Members);
    }

    private static string[] Arguments(string directory, int port) =>
    [
        "--bind", "127.0.0.1",
        "--port", port.ToString(CultureInfo.InvariantCulture),

        // The Orleans providers write by Lua script, and each script must be atomic.
        "--lua", "--lua-transaction-mode",
        "--aof", "--aof-commit-wait", "--recover", "--checkpointdir", directory,
        "--aof-size-limit", MaxAppendOnlyFile, "--aof-segment-size", AppendOnlyFileSegment,
        "--index", IndexSize, "--index-max-size", MaxIndexSize,

        // The default device needs libaio, which many machines lack.
        "--device-type", "RandomAccess",

        // Fail to start rather than start without the sessions.
        "--fail-on-recovery-error",
        "-q",
    ];
}
