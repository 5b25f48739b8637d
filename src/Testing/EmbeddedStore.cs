using System.Diagnostics;
using System.Globalization;
using Garnet;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace OrleansSessions.Testing;

/// <summary>Garnet, a Redis-compatible server, in this process and in memory only.</summary>
internal sealed class EmbeddedStore : IDisposable
{
    /// <summary>A stalled test machine is no outage. Connections fail at once when the store is disposed.</summary>
    private const string TimeLimits = "connectTimeout=30000,syncTimeout=30000,asyncTimeout=30000";

    private readonly GarnetServer _server;
    private bool _isDisposed;

    private EmbeddedStore(GarnetServer server, int port)
    {
        _server = server;
        Port = port;
        ConnectionString = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port},{TimeLimits}");
    }

    /// <summary>The address, with time limits.</summary>
    public string ConnectionString { get; }

    public int Port { get; }

    /// <summary>Starts a server.</summary>
    /// <param name="port">The port; null: any free one.</param>
    /// <param name="prepare">What the server needs before its first command; null: nothing.</param>
    /// <param name="options">Further options for Garnet.</param>
    public static EmbeddedStore Start(int? port = null, Action<IServer>? prepare = null, params string[] options) => StartAt(port ?? LoopbackPort.Next(), prepare, options);

    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _isDisposed, true))
        {
            _server.Dispose();
        }
    }

    private static EmbeddedStore StartAt(int port, Action<IServer>? prepare, string[] options)
    {
        // The Orleans providers write by Lua script, and each script must be atomic.
        string[] arguments =
        [
            .. options,
            "--bind", "127.0.0.1",
            "--port", port.ToString(CultureInfo.InvariantCulture),
            "--lua", "--lua-transaction-mode",
            "-q", "--disable-console-logger",
        ];
        var server = new GarnetServer(arguments, NullLoggerFactory.Instance);

        // Garnet writes trace output to the console, which belongs to the test report.
        foreach (ConsoleTraceListener listener in Trace.Listeners.OfType<ConsoleTraceListener>().ToArray())
        {
            Trace.Listeners.Remove(listener);
        }

        server.Start();
        var store = new EmbeddedStore(server, port);
        try
        {
            store.RunFirstScript(prepare);
        }
        catch (RedisException)
        {
            store.Dispose();
            throw;
        }

        return store;
    }

    /// <summary>The first script takes seconds on a busy machine: longer than the callers of later ones wait.</summary>
    private void RunFirstScript(Action<IServer>? prepare)
    {
        using ConnectionMultiplexer redis = ConnectionMultiplexer.Connect(ConnectionString);
        prepare?.Invoke(redis.GetServers().Single());
        redis.GetDatabase().ScriptEvaluate("return 1");
    }
}
