using System.Diagnostics;
using System.Globalization;
using Garnet;
using Microsoft.Extensions.Logging.Abstractions;

namespace OrleansSessions.Testing;

/// <summary>Garnet, a Redis-compatible server, in this process and in memory only.</summary>
internal sealed class EmbeddedStore : IDisposable
{
    private readonly GarnetServer _server;

    private EmbeddedStore(GarnetServer server, string address)
    {
        _server = server;
        Address = address;
    }

    public string Address { get; }

    public static EmbeddedStore Start()
    {
        string port = LoopbackPort.Next().ToString(CultureInfo.InvariantCulture);

        // The Orleans providers write by Lua script, and each script must be atomic.
        string[] arguments = ["--bind", "127.0.0.1", "--port", port, "--lua", "--lua-transaction-mode", "-q", "--disable-console-logger"];
        var server = new GarnetServer(arguments, NullLoggerFactory.Instance);

        // Garnet writes trace output to the console, which belongs to the test report.
        foreach (ConsoleTraceListener listener in Trace.Listeners.OfType<ConsoleTraceListener>().ToArray())
        {
            Trace.Listeners.Remove(listener);
        }

        server.Start();
        return new EmbeddedStore(server, "127.0.0.1:" + port);
    }

    public void Dispose() => _server.Dispose();
}
