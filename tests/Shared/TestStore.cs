using System.Diagnostics;
using System.Globalization;
using Garnet;

namespace OrleansSessions.Tests.Shared;

/// <summary>Garnet, a Redis-compatible server, in this process and in memory only.</summary>
internal sealed class TestStore : IDisposable
{
    private readonly GarnetServer _server;
    private bool _isDisposed;

    private TestStore(GarnetServer server, int port)
    {
        _server = server;
        Port = port;
        ConnectionString = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
    }

    public string ConnectionString { get; }

    public int Port { get; }

    /// <summary>Starts a server.</summary>
    /// <param name="port">The port; null: any free one.</param>
    /// <param name="options">Further options for Garnet.</param>
    public static TestStore Start(int? port = null, params string[] options) => StartAt(port ?? FreePort.Next(), options);

    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _isDisposed, true))
        {
            _server.Dispose();
        }
    }

    private static TestStore StartAt(int port, string[] options)
    {
        var server = new GarnetServer(
        [
            .. options,
            "--bind", "127.0.0.1",
            "--port", port.ToString(CultureInfo.InvariantCulture),
            "--lua", "--lua-transaction-mode",
            "-q", "--disable-console-logger",
        ]);

        // Garnet writes trace output to the console, which the test runner uses.
        foreach (ConsoleTraceListener listener in Trace.Listeners.OfType<ConsoleTraceListener>().ToArray())
        {
            Trace.Listeners.Remove(listener);
        }

        server.Start();
        return new TestStore(server, port);
    }
}
