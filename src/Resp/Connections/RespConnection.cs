using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Buffers;
using OrleansSessions.Resp.Commands;
using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Connections;

/// <summary>
/// Connection of a client: reads commands, runs them one after the other, and writes their replies in that order. It stops reading while its client reads no
/// replies, so its memory is bounded.
/// </summary>
internal sealed partial class RespConnection(
    ConnectionContext connection, RespClient client, CommandRunner runner, ConnectionLimits limits, TimeProvider time, LogPace pace, ILogger logger)
{
    /// <summary>Bytes written before a flush, even if more commands have already been read.</summary>
    private const int MaxUnflushedBytes = 64 * 1024;

    /// <summary>Approximate overhead of a reply beside its value.</summary>
    private const int ReplyFrameBytes = 16;

    /// <summary>Batches served before other work gets the thread: a batch whose commands wait for nothing is served on the thread that has received it.</summary>
    private const int BatchesPerTurn = 64;

    private const long Never = 0;

    private readonly RespReader _reader = new();
    private readonly PipeReader _input = connection.Transport.Input;
    private readonly PipeWriter _output = connection.Transport.Output;
    private volatile bool _isStopping;
    private bool _wasInsideCommand;
    private long _deadline;
    private int _unflushedBytes;

    /// <summary>Whether the client has exceeded its time limit.</summary>
    public bool IsOverdue(long now) => Volatile.Read(ref _deadline) is > Never and var deadline && now >= deadline;

    /// <summary>Whether the connection is closed, with everything sent or discarded.</summary>
    public bool IsClosed => connection.Features.Get<IConnectionSocketFeature>() is not { } feature || feature.Socket.SafeHandle.IsClosed;

    /// <summary>Closes the connection and discards unsent replies.</summary>
    public void Abort(string reason) => connection.Abort(new ConnectionAbortedException(reason));

    /// <summary>Serves the client until it disconnects, violates the protocol, or the endpoint stops.</summary>
    public async Task RunAsync()
    {
        CancellationToken stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using CancellationTokenRegistration registration = stopping.UnsafeRegister(static state => ((RespConnection)state!).Stop(), this);
        try
        {
            for (int batch = 1; await ServeBatchAsync(); batch++)
            {
                if (batch % BatchesPerTurn == 0)
                {
                    await Task.Yield();
                }
            }
        }
        catch (RespProtocolException exception)
        {
            if (exception.IsOverLimit && pace.TryTake(out long heldBack))
            {
                LogOverLimit(logger, exception.Message, heldBack);
            }

            RespWriter.Write(_output, Reply.Error($"ERR {exception.Message}"), client.Protocol);
            await FlushAsync();
        }
        catch (Exception exception) when (exception is ConnectionResetException or ConnectionAbortedException or OperationCanceledException or IOException)
        {
            LogAborted(logger, exception.GetType().Name);
        }

        // Pending output is still being sent.
        SetDeadline(limits.SlowClientTimeout);
    }

    /// <summary>Refuses a connection without reading from it.</summary>
    public async Task RefuseAsync(Reply reason)
    {
        RespWriter.Write(_output, reason, client.Protocol);
        await FlushAsync();
        SetDeadline(limits.SlowClientTimeout);
    }

    /// <summary>Finishes the commands already read, then closes.</summary>
    private void Stop()
    {
        _isStopping = true;
        _input.CancelPendingRead();
    }

    /// <summary>Answers every command that has arrived. Returns whether more may come.</summary>
    private async ValueTask<bool> ServeBatchAsync()
    {
        ReadResult read = await _input.ReadAsync();
        ReadOnlySequence<byte> buffer = read.Buffer;
        bool any = false;
        try
        {
            while (!client.IsClosing && _reader.TryReadCommand(ref buffer, limits.For(client), out RespCommand? command))
            {
                any = true;
                SetDeadline(null);
                if (client.Buffers.IsWaiting)
                {
                    client.Buffers.Hold(client.Buffers.Bytes);
                }

                Reply reply = await runner.RunAsync(client, command);
                long bytes = BytesOf(reply);
                if ((bytes > ConnectionBuffers.SmallBytes && !client.Buffers.Hold(bytes)) || !await WriteAsync(reply))
                {
                    return false;
                }

                client.Buffers.Release();
            }
        }
        finally
        {
            _input.AdvanceTo(buffer.Start, buffer.End);
        }

        if ((any && !await FlushAsync()) || client.IsClosing || read.IsCompleted || _isStopping)
        {
            return false;
        }

        AwaitMore(isInsideCommand: _reader.IsInsideCommand || !buffer.IsEmpty, any);
        if (_reader.TakenBytes + buffer.Length is > ConnectionBuffers.SmallBytes and var begun)
        {
            client.Buffers.Wait(begun);
        }
        else
        {
            client.Buffers.Release();
        }

        return true;
    }

    /// <summary>Memory held by a reply. A reply that generates its parts while writing holds next to nothing.</summary>
    private static long BytesOf(Reply reply) => reply switch
    {
        BulkReply bulk => bulk.Value.Length,
        ArrayReply { Items: ICollection<Reply> items } => items.Sum(BytesOf),
        MapReply map => map.Pairs.Sum(static pair => BytesOf(pair.Key) + BytesOf(pair.Value)),
        _ => 0,
    };

    /// <summary>Sets the time limit for receiving more.</summary>
    private void AwaitMore(bool isInsideCommand, bool anyCompleted)
    {
        if (isInsideCommand)
        {
            // Counted from the command's first piece: a client that trickles bytes is slow too.
            if (anyCompleted || !_wasInsideCommand)
            {
                SetDeadline(limits.SlowClientTimeout);
            }
        }
        else
        {
            TimeSpan idle = client.IsAuthenticated ? limits.IdleTimeout : limits.SlowClientTimeout;
            SetDeadline(idle > TimeSpan.Zero ? idle : null);
        }

        _wasInsideCommand = isInsideCommand;
    }

    /// <summary>Writes a reply, and flushes after a certain amount. Returns false if the client has disconnected.</summary>
    private ValueTask<bool> WriteAsync(Reply reply) =>
        RespWriter.WriteStart(_output, reply, client.Protocol) is { } parts ? WriteAsync(parts, reply) : FlushIfMuchAsync(reply);

    private async ValueTask<bool> WriteAsync(IEnumerable<Reply> parts, Reply whole)
    {
        foreach (Reply part in parts)
        {
            if (!await WriteAsync(part))
            {
                return false;
            }
        }

        return await FlushIfMuchAsync(whole);
    }

    private ValueTask<bool> FlushIfMuchAsync(Reply written)
    {
        // Count here: once the connection is gone, the pipe no longer counts, and only a flush reveals it.
        _unflushedBytes += ReplyFrameBytes + ((written as BulkReply)?.Value.Length ?? 0);
        return _unflushedBytes < MaxUnflushedBytes ? ValueTask.FromResult(true) : FlushAsync();
    }

    private ValueTask<bool> FlushAsync()
    {
        int unflushed = _unflushedBytes;
        _unflushedBytes = 0;
        ValueTask<FlushResult> flush = _output.FlushAsync();
        if (!flush.IsCompletedSuccessfully)
        {
            return WaitAsync(flush, unflushed);
        }

        SetDeadline(null);
        return ValueTask.FromResult(!flush.Result.IsCompleted);
    }

    private async ValueTask<bool> WaitAsync(ValueTask<FlushResult> flush, int unflushed)
    {
        SetDeadline(limits.SlowClientTimeout);
        long held = client.Buffers.Bytes;
        client.Buffers.Wait(held + unflushed + ConnectionBuffers.ReadAheadBytes + ConnectionBuffers.UnsentBytes);
        FlushResult result = await flush;
        SetDeadline(null);
        return client.Buffers.Hold(held) && !result.IsCompleted;
    }

    private void SetDeadline(TimeSpan? fromNow) => Volatile.Write(ref _deadline, fromNow is { } delay ? time.GetTimestamp() + time.TicksOf(delay) : Never);

    [LoggerMessage(431, LogLevel.Warning, "Refused a client's command and closed its connection. {Reason}. Suppressed since the last message: {HeldBack}.")]
    private static partial void LogOverLimit(ILogger logger, string reason, long heldBack);

    [LoggerMessage(432, LogLevel.Debug, "A client disconnected during a command ({Exception}).")]
    private static partial void LogAborted(ILogger logger, string exception);
}
