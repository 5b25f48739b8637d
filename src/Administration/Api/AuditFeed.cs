using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;

namespace OrleansSessions.Administration.Api;

/// <summary>Feed of the audit trail as server-sent events. Each has its place as its id, so a browser that reconnects misses none.</summary>
internal sealed class AuditFeed(
    SessionAdministrator sessions, IOptions<SessionAdministrationOptions> options, IHostApplicationLifetime application, TimeProvider time)
{
    private const int Batch = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>After this the client asks again, and is refused if its key was removed.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private int _followers;

    /// <summary>The number of clients that may follow at a time.</summary>
    public int MaxFollowers => options.Value.MaxAuditFeeds;

    /// <summary>Takes a place for a client that follows. Returns false if all are taken; <see cref="Leave"/> gives it back.</summary>
    public bool TryJoin()
    {
        if (Interlocked.Increment(ref _followers) <= MaxFollowers)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _followers);

    /// <summary>
    /// Tells the events of a page, and then those that follow, for at most a minute: until the client leaves, the cluster does not answer, or the process stops, which must
    /// not wait for clients.
    /// </summary>
    public async IAsyncEnumerable<SseItem<AuditModel>> FollowAsync(AuditPage page, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, application.ApplicationStopping);
        long started = time.GetTimestamp();
        while (!stop.IsCancellationRequested && time.GetElapsedTime(started) < Longest)
        {
            foreach (AuditEvent told in page.Events)
            {
                yield return new SseItem<AuditModel>(AuditModel.Of(told), "audit") { EventId = told.Id };
            }

            if (page.Events.Length < Batch)
            {
                await Task.Delay(Interval, time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            try
            {
                page = await sessions.AuditAfterAsync(page.Cursor, Batch, stop.Token);
            }
            catch (Exception exception) when (exception is SessionUnavailableException or OperationCanceledException)
            {
                // The client reconnects with the id of the last event.
                yield break;
            }
        }
    }
}
