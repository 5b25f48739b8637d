using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace OrleansSessions.Client.Gateways;

/// <summary>
/// Watches one connection to a gateway. A gateway that answers nothing, while one message after the other is sent to it, is frozen or cut off, and the connection is
/// aborted: TCP alone would keep it for minutes. One message is not enough, since other grains may take their time to answer.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="gateway">The gateway's address.</param>
/// <param name="suspicions">The gateways that are avoided.</param>
/// <param name="canConnect">Whether the gateway takes another connection.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where an abort is logged.</param>
internal sealed partial class GatewayWatch(
    ConnectionContext connection, EndPoint gateway, GatewaySuspicions suspicions, Func<Task<bool>> canConnect, TimeProvider time, ILogger logger)
{
    /// <summary>How old an unanswered message is when the next one makes the gateway doubtful. Less than the response timeout, after which the next one comes.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(600);

    /// <summary>How long a doubtful gateway has to answer anything.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    private long _waitingSince;
    private int _isDoubtful;

    /// <summary>Bytes have come from the gateway.</summary>
    public void Received()
    {
        if (Volatile.Read(ref _waitingSince) != 0)
        {
            Volatile.Write(ref _waitingSince, 0);
            suspicions.Heard(gateway);
        }
    }

    /// <summary>Bytes go to the gateway.</summary>
    public void Sent()
    {
        long since = Interlocked.CompareExchange(ref _waitingSince, time.GetTimestamp(), 0);
        if (since != 0 && time.GetElapsedTime(since) > Silence && Interlocked.Exchange(ref _isDoubtful, 1) == 0)
        {
            _ = ResolveAsync(since);
        }
    }

    private async Task ResolveAsync(long since)
    {
        Task<bool> connecting = canConnect();
        await Task.Delay(Grace, time).ConfigureAwait(false);
        if (Volatile.Read(ref _waitingSince) == since && (suspicions.TrySuspect(gateway, since) || await IsUnreachableAsync(connecting, since).ConfigureAwait(false)))
        {
            LogAborted(logger, gateway, time.GetElapsedTime(since).TotalSeconds);
            connection.Abort(new ConnectionAbortedException("The gateway does not answer."));
        }

        Volatile.Write(ref _isDoubtful, 0);
    }

    /// <summary>A gateway that is silent and takes no connection is cut off, even if no other gateway was asked anything meanwhile.</summary>
    private async Task<bool> IsUnreachableAsync(Task<bool> connecting, long since)
    {
        if (await connecting.ConfigureAwait(false) || Volatile.Read(ref _waitingSince) != since)
        {
            return false;
        }

        suspicions.Suspect(gateway);
        return true;
    }

    [LoggerMessage(400, LogLevel.Warning, "The gateway {Gateway} has not answered for {Seconds:0.0} s. Its connection is aborted; calls take another gateway.")]
    private static partial void LogAborted(ILogger logger, EndPoint gateway, double seconds);
}
