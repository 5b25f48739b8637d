using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace OrleansSessions.EndToEnd.Tests.Steps;

/// <summary>Connection of a silo to Redis. It knows where commands and replies end, and can kill the silo between two of them.</summary>
/// <param name="silo">The silo's side.</param>
/// <param name="count">Says of each command whether, and when, the silo is to be killed.</param>
/// <param name="kill">Kills the silo.</param>
internal sealed class RelayedConnection(TcpClient silo, Func<List<string>, KillMoment?> count, Func<Task> kill)
{
    private readonly TcpClient _redis = new() { NoDelay = true };
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private long _commands;
    private long _replies;
    private long _awaitedReply = -1;
    private long _withheldReply = -1;

    /// <summary>Passes commands and replies on until one side closes.</summary>
    public async Task RunAsync(int redis, CancellationToken stop)
    {
        using (silo)
        using (_redis)
        using (stop.Register(Close))
        {
            silo.NoDelay = true;
            try
            {
                await _redis.ConnectAsync(IPAddress.Loopback, redis, stop);
                await Task.WhenAny(PassCommandsAsync(), PassRepliesAsync()).Unwrap();
            }
            catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // A silo that was killed, or Redis at the end of the test.
            }
        }
    }

    private async Task PassCommandsAsync()
    {
        NetworkStream redis = _redis.GetStream();
        List<string> command = [];
        await foreach (ReadOnlySequence<byte> message in RespMessage.ReadAllAsync(silo.GetStream(), command))
        {
            KillMoment? moment = count(command);
            if (moment == KillMoment.BeforeTheWrite)
            {
                await CatchUpAsync();
                await kill();
                return;
            }

            lock (_lock)
            {
                _commands++;
                _withheldReply = moment is null ? _withheldReply : _commands;
            }

            await redis.WriteAsync(message.ToArray());
        }
    }

    private async Task PassRepliesAsync()
    {
        NetworkStream stream = silo.GetStream();
        await foreach (ReadOnlySequence<byte> message in RespMessage.ReadAllAsync(_redis.GetStream(), []))
        {
            if (IsWithheld())
            {
                await kill();
                return;
            }

            await stream.WriteAsync(message.ToArray());
        }
    }

    /// <summary>Waits until Redis has executed all commands so far: a closed connection may take unread ones with it.</summary>
    private Task CatchUpAsync()
    {
        lock (_lock)
        {
            _awaitedReply = _commands;
            return _replies >= _awaitedReply ? Task.CompletedTask : _caughtUp.Task;
        }
    }

    /// <summary>Counts a reply.</summary>
    private bool IsWithheld()
    {
        lock (_lock)
        {
            _replies++;
            if (_replies == _awaitedReply)
            {
                _caughtUp.TrySetResult();
            }

            return _replies == _withheldReply;
        }
    }

    private void Close()
    {
        silo.Close();
        _redis.Close();
    }
}
