using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OrleansSessions.Resp.Tests.Cluster;

/// <summary>Real redis-server for comparison, in memory only.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);

    private readonly int _port = LoopbackPort.Next();
    private Process? _process;

    internal IPEndPoint Address
    {
        get
        {
            // Without it, its tests are skipped, except on a CI machine.
            Assert.SkipUnless(_process is not null || Environment.GetEnvironmentVariable("CI") == "true", "redis-server is not installed.");
            return new IPEndPoint(IPAddress.Loopback, _port);
        }
    }

    public async ValueTask InitializeAsync()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        if (folders.Select(static folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists) is not { } program)
        {
            return;
        }

        _process = Process.Start(
            program,
            ["--logfile", "/dev/null", "--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning"]);
        long started = Stopwatch.GetTimestamp();
        while (!await CanConnectAsync())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < StartTimeout, "redis-server does not start.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    private async Task<bool> CanConnectAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
