using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace OrleansSessions.Client.Gateways;

/// <summary>
/// Watches one connection to a gateway. A gateway that answers nothing, while one message after the other is sent to it, is frozen or cut off, and the connection is
/// aborted: TCP alone would keep it for minutes. One message is not enough, since other grains may take their time to answer.
/// </summary>
internal sealed partial class GatewayWatch(ConnectionContext connection, EndPoint gateway, GatewaySuspicions suspicions, TimeProvider time, ILogger logger)
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
        await Task.Delay(Grace, time).ConfigureAwait(false);
        if (Volatile.Read(ref _waitingSince) == since && suspicions.TrySuspect(gateway, since))
        {
            LogAborted(logger, gateway, time.GetElapsedTime(since).TotalSeconds);
            connection.Abort(new ConnectionAbortedException("The gateway does not answer."));
        }

        Volatile.Write(ref _isDoubtful, 0);
    }

    [LoggerMessage(400, LogLevel.Warning, "The gateway {Gateway} has not answered for {Seconds:0.0} s. Its connection is aborted; calls take another gateway.")]
    private static partial void LogAborted(ILogger logger, EndPoint gateway, double seconds);
}
