using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Client;
using OrleansSessions.Client.News;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>Requests that last as long as the session they stand on, at most.</summary>
internal sealed partial class LiveRequests(
    SessionNews news, SessionClient client, IOptions<OrleansSessionOptions> options, TimeProvider time, ILogger<LiveRequests> logger)
{
    /// <summary>A connection that keeps its session alive uses it several times in an idle timeout, in case a try fails.</summary>
    private const int UsesPerIdleTimeout = 4;

    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(1);

    public async Task RunAsync(HttpContext context, RequestDelegate handler, bool keepAlive)
    {
        OrleansSession? session = await BoundSession.FindSessionAsync(context);
        List<BoundSession> bound = BoundSession.Of(context, session);
        if (bound.Count == 0)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        using var stop = new CancellationTokenSource();
        Task ending = AbortAtEndAsync(context, bound, stop.Token);
        Task keeping = keepAlive && session is not null ? KeepAliveAsync(bound[^1], session.IdleTimeout, stop.Token) : Task.CompletedTask;
        try
        {
            await handler(context);
        }
        finally
        {
            // The request must not be touched after it has ended: its objects serve another one then.
            await stop.CancelAsync();
            await ending;
            await keeping;
        }

        if (context.Response.HasStarted && session?.TryDiscardChanges() == true)
        {
            LogLate(logger);
        }
    }

    private async Task AbortAtEndAsync(HttpContext context, List<BoundSession> bound, CancellationToken stop)
    {
        try
        {
            // The sessions were read just now, and most requests are over by the time they would be read again.
            await Task.Delay(options.Value.NewsInterval, time, stop);
            await await Task.WhenAny(bound.Select(session => session.WaitForEndAsync(news, stop)));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }

        context.Abort();
    }

    /// <summary>Uses the session until it has ended. No failure reaches the connection, which needs no answer.</summary>
    internal async Task KeepAliveAsync(BoundSession session, TimeSpan idleTimeout, CancellationToken stop)
    {
        while (true)
        {
            TimeSpan pause = idleTimeout / UsesPerIdleTimeout;
            await Task.Delay(pause < LongestPause ? pause : LongestPause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                stop.ThrowIfCancellationRequested();
                LoadResult result = await client.LoadAgainAsync(session.Key, touch: true, session.Incarnation, stop).AsTask().WaitAsync(stop);
                if (result.Snapshot is not { } found)
                {
                    return;
                }

                idleTimeout = found.IdleTimeout;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Unavailable, damaged or stored by a newer version: the next try may succeed.
                LogNotKept(logger, session.Key.Short, exception.Message);
            }
        }
    }

    [LoggerMessage(340, LogLevel.Warning, "A long request changed its session after its response had started and did not store that by CommitAsync: the changes are dropped.")]
    private static partial void LogLate(ILogger logger);

    [LoggerMessage(341, LogLevel.Warning, "A connection could not keep its session {Key} alive; it tries again. {Reason}")]
    private static partial void LogNotKept(ILogger logger, string key, string reason);
}
