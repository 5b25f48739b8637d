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
        ConnectionString = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
    }

    public string ConnectionString { get; }

    public static TestStore Start()
    {
        int port = FreePort.Next();
        var server = new GarnetServer(
        [
            "--bind", "127.0.0.1",
            "--port", port.ToString(CultureInfo.InvariantCulture),
            "--lua", "--lua-transaction-mode",
            "-q", "--disable-console-logger",
        ]);

        // Garnet sends trace output to the console, where the test runner writes.
        foreach (ConsoleTraceListener listener in Trace.Listeners.OfType<ConsoleTraceListener>().ToArray())
        {
            Trace.Listeners.Remove(listener);
        }

        server.Start();
        return new TestStore(server, port);
    }

    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _isDisposed, true))
        {
            _server.Dispose();
        }
    }
}
