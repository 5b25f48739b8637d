using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using OrleansSessions.AspNetCore;
using OrleansSessions.Client.News;
using OrleansSessions.Contracts;
using OrleansSessions.WebFrontend.Customers;

namespace OrleansSessions.WebFrontend.Live;

/// <summary>
/// Server-sent events that tell an open page when its session is signed out. Only the start of a stream tells it, from the cookie that the browser sends then. A stream
/// ends when the session it began with has ended or is another customer's, or when this frontend stops, and the browser asks again. So a page misses no end, and a session
/// that only got a new key is not reported.
/// </summary>
internal sealed class SignedInStream(SessionNews news, OpenStreams streams, IHostApplicationLifetime application, TimeProvider time)
{
    /// <summary>The endpoint's path.</summary>
    public const string Path = "/signed-in";

    /// <summary>The time between two events. Balancers close connections that are silent for half a minute or more.</summary>
    private static readonly TimeSpan EventInterval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ReconnectionInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Answers with a stream.</summary>
    public async Task OpenAsync(HttpContext context, IOrleansSession session, Customer customer)
    {
        if (customer.Name is null)
        {
            await TypedResults.ServerSentEvents(Ended()).ExecuteAsync(context);
            return;
        }

        string key = session.Id;
        if (!streams.TryOpen(key))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, application.ApplicationStopping);
            context.Response.Headers["X-Accel-Buffering"] = "no";
            await TypedResults.ServerSentEvents(WatchAsync(key, session.Identity?.User, stop.Token)).ExecuteAsync(context);
        }
        finally
        {
            streams.Close(key);
        }
    }

    private static async IAsyncEnumerable<SseItem<string>> Ended()
    {
        await Task.CompletedTask;
        yield return new SseItem<string>("signed out", "ended");
    }

    private async IAsyncEnumerable<SseItem<string>> WatchAsync(string key, string? user, [EnumeratorCancellation] CancellationToken stop)
    {
        Task ended = WaitForEndAsync(key, user, stop);
        while (!ended.IsCompleted)
        {
            yield return new SseItem<string>("signed in") { ReconnectionInterval = ReconnectionInterval };
            await Task.WhenAny(ended, Task.Delay(EventInterval, time, stop));
        }
    }

    /// <summary>Completes when the session has ended or is another user's, or when it is no longer to be watched.</summary>
    private async Task WaitForEndAsync(string key, string? user, CancellationToken stop)
    {
        try
        {
            await foreach (SessionDescription session in news.WatchAsync(new SessionKey(key), cancellationToken: stop))
            {
                if (session.Identity?.User != user)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The page is closed, or the frontend stops.
        }
    }
}
