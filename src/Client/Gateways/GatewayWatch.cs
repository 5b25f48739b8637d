using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace OrleansSessions.Client.Gateways;

/// <summary>
/// Watchdog of one gateway connection. A gateway that answers nothing while several messages are sent to it is frozen or cut off, and the connection is aborted: TCP
/// alone would keep it for minutes. One message is not enough, because calls to other grains may take long.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="gateway">The gateway's address.</param>
/// <param name="suspicions">The avoided gateways.</param>
/// <param name="canConnect">Checks whether the gateway accepts another connection.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class GatewayWatch(
    ConnectionContext connection, EndPoint gateway, GatewaySuspicions suspicions, Func<Task<bool>> canConnect, TimeProvider time, ILogger logger)
{
    /// <summary>Age of an unanswered message at which the next one makes the gateway suspect. Less than the response timeout, after which the next one is sent.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(600);

    /// <summary>Time for a suspect gateway to answer anything.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    private long _waitingSince;
    private int _isDoubtful;

    /// <summary>Records bytes from the gateway.</summary>
    public void Received()
    {
        if (Volatile.Read(ref _waitingSince) != 0)
        {
            Volatile.Write(ref _waitingSince, 0);
            suspicions.Heard(gateway);
        }
    }

    /// <summary>Records bytes to the gateway.</summary>
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

    /// <summary>A gateway that is silent and accepts no connection is cut off, even if no other gateway was called meanwhile.</summary>
    private async Task<bool> IsUnreachableAsync(Task<bool> connecting, long since)
    {
        if (await connecting.ConfigureAwait(false) || Volatile.Read(ref _waitingSince) != since)
        {
            return false;
        }

        suspicions.Suspect(gateway);
        return true;
    }

    [LoggerMessage(400, LogLevel.Warning, "The gateway {Gateway} has not answered for {Seconds:0.0} s. Aborting its connection; calls use another gateway.")]
    private static partial void LogAborted(ILogger logger, EndPoint gateway, double seconds);
}
