using System.Net;
using System.Net.Sockets;

namespace OrleansSessions.Connectivity.Tests.ClusterTls;

/// <summary>TCP relay between two ports that keeps a copy of all bytes.</summary>
internal sealed class Eavesdropper : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly MemoryStream _heard = new();
    private readonly TcpListener _listener;
    private readonly int _target;
    private readonly Task _running;

    public Eavesdropper(int port, int target)
    {
        _target = target;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _running = AcceptAsync();
    }

    public byte[] Heard
    {
        get
        {
            lock (_heard)
            {
                return _heard.ToArray();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _running;
        _stop.Dispose();
        await _heard.DisposeAsync();
    }

    private async Task AcceptAsync()
    {
        List<Task> relays = [];
        try
        {
            while (true)
            {
                relays.Add(RelayAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(relays);
        }
    }

    private async Task RelayAsync(TcpClient accepted)
    {
        using TcpClient here = accepted;
        using var there = new TcpClient();
        try
        {
            await there.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
            await Task.WhenAny(CopyAsync(here.GetStream(), there.GetStream()), CopyAsync(there.GetStream(), here.GetStream()));
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // The end of this connection.
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to)
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            for (int count; (count = await from.ReadAsync(buffer, _stop.Token)) > 0;)
            {
                lock (_heard)
                {
                    _heard.Write(buffer, 0, count);
                }

                await to.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The end of this connection.
        }
    }
}
