using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.Client.News;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>Connections that end with their session, and news of a session.</summary>
public static class LiveSessionExtensions
{
    /// <summary>
    /// Binds the requests of endpoints, such as a SignalR hub's or a WebSocket's, to the session that they stand on: <c>HttpContext.Session</c> and, with a ticket
    /// store, the user's ticket. A request without either is answered 401. When one of them ends, wherever and for whatever reason, or is signed in, with a ticket or by
    /// <see cref="IOrleansSession.RotateForSignInAsync"/> too, the request is aborted within <see cref="OrleansSessionOptions.NewsInterval"/> and a read.
    /// </summary>
    /// <remarks>
    /// Changes of the session are stored with the response's start, and later only by <see cref="ISession.CommitAsync"/>: whatever is not, is dropped.
    /// </remarks>
    /// <param name="endpoints">The endpoints, as returned by <c>MapHub</c> or <c>Map</c>.</param>
    /// <param name="keepAlive">
    /// Whether a request, and a connection as long as it is open, counts as use of <c>HttpContext.Session</c>. Default: false, only other requests do. Tickets have their
    /// own expiry.
    /// </param>
    public static TBuilder RequireLiveSession<TBuilder>(this TBuilder endpoints, bool keepAlive = false)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.Add(endpoint =>
        {
            RequestDelegate handler = endpoint.RequestDelegate
                ?? throw new InvalidOperationException($"A living session can't be required at the endpoint '{endpoint.DisplayName}', which handles no requests.");
            endpoint.Metadata.Add(new LiveSessionMetadata(keepAlive));
            endpoint.RequestDelegate = context => context.RequestServices.GetRequiredService<LiveRequests>().RunAsync(context, handler, keepAlive);
        });
        return endpoints;
    }

    /// <summary>
    /// Enumerates the states of the request's <c>HttpContext.Session</c>: the current one, then those after changes from anywhere, and completes when it has ended, or when
    /// someone has signed in with it since the request began, as with <see cref="RequireLiveSession"/>. Without a stored session there are none. The end of the connection
    /// completes the enumeration too.
    /// </summary>
    /// <inheritdoc cref="SessionNews.WatchAsync"/>
    public static async IAsyncEnumerable<SessionDescription> WatchSessionAsync(
        this HttpContext context, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (await BoundSession.FindSessionAsync(context) is { } session && BoundSession.Of(session) is { } bound)
        {
            SessionNews news = context.RequestServices.GetRequiredService<SessionNews>();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, context.RequestAborted);
            await using IAsyncEnumerator<SessionDescription> states = bound.WatchAsync(news, stop.Token).GetAsyncEnumerator(CancellationToken.None);
            while (await MoveNextAsync(states))
            {
                yield return states.Current;
            }
        }

        async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<SessionDescription> states)
        {
            try
            {
                return await states.MoveNextAsync();
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // SignalR logs an error for a stream that is cancelled before SignalR has noticed the end of the connection.
                return false;
            }
        }
    }
}
