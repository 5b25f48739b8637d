using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using OrleansSessions.AspNetCore;
using OrleansSessions.Contracts;
using OrleansSessions.WebFrontend.Customers;

namespace OrleansSessions.WebFrontend.Live;

/// <summary>
/// Server-sent events that tell an open page when its session is signed out. Only the start of a stream tells it, from the cookie that the browser sends then. A stream
/// ends when the session it began with has ended or is another customer's, or when this frontend stops, and the browser asks again. So a page misses no end, and a session
/// that only got a new key is not reported.
/// </summary>
internal sealed class SignedInStream(IGrainFactory grains, IHostApplicationLifetime application, TimeProvider time)
{
    /// <summary>The endpoint's path.</summary>
    public const string Path = "/signed-in";

    /// <summary>The maximum number of open streams of this process. The page of a refused one tries again later.</summary>
    private const int MaxStreams = 2_000;

    /// <summary>The maximum number for one session, so that one visitor can't take them all.</summary>
    private const int MaxStreamsPerSession = 6;

    /// <summary>Reads between two events. Balancers close connections that are silent for half a minute or more.</summary>
    private const int ReadsPerEvent = 20;

    private static readonly TimeSpan ReadInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ReconnectionInterval = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, int> _streamsOfSessions = new();
    private int _streams;

    /// <summary>Answers with a stream.</summary>
    public async Task OpenAsync(HttpContext context, IOrleansSession session, Customer customer)
    {
        if (customer.Name is null)
        {
            await TypedResults.ServerSentEvents(Ended()).ExecuteAsync(context);
            return;
        }

        string key = session.Id;
        try
        {
            bool isOneTooMany = _streamsOfSessions.AddOrUpdate(key, 1, static (_, open) => open + 1) > MaxStreamsPerSession;
            if (Interlocked.Increment(ref _streams) > MaxStreams || isOneTooMany)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, application.ApplicationStopping);
            context.Response.Headers["X-Accel-Buffering"] = "no";
            await TypedResults.ServerSentEvents(WatchAsync(key, session.Identity?.User, stop.Token)).ExecuteAsync(context);
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
            if (_streamsOfSessions.AddOrUpdate(key, 0, static (_, open) => open - 1) == 0)
            {
                _streamsOfSessions.TryRemove(KeyValuePair.Create(key, 0));
            }
        }
    }

    private static async IAsyncEnumerable<SseItem<string>> Ended()
    {
        await Task.CompletedTask;
        yield return new SseItem<string>("signed out", "ended");
    }

    private async IAsyncEnumerable<SseItem<string>> WatchAsync(string key, string? user, [EnumeratorCancellation] CancellationToken stop)
    {
        ISessionGrain grain = grains.GetGrain<ISessionGrain>(key);
        for (int reads = 0; ; reads++)
        {
            if (reads % ReadsPerEvent == 0)
            {
                yield return new SseItem<string>("signed in") { ReconnectionInterval = ReconnectionInterval };
            }

            await Task.Delay(ReadInterval, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested || !await IsUsersAsync(grain, user))
            {
                yield break;
            }
        }
    }

    /// <summary>Whether the session is there and still this user's; also if it can't be read now. Reading does not extend it.</summary>
    private static async Task<bool> IsUsersAsync(ISessionGrain grain, string? user)
    {
        try
        {
            return await grain.DescribeAsync() is { } session && session.Identity?.User == user;
        }
        catch (Exception exception) when (exception is SessionUnavailableException or SessionOwnershipException or OrleansException or TimeoutException)
        {
            return true;
        }
    }
}
