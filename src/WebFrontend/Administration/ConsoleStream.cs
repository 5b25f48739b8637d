using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OrleansSessions.Administration;
using OrleansSessions.Contracts;

namespace OrleansSessions.WebFrontend.Administration;

/// <summary>Server-sent events for an open console: counts every two seconds, and the events of the audit trail.</summary>
internal sealed class ConsoleStream(SessionAdministrator sessions, IHostApplicationLifetime application, TimeProvider time)
{
    /// <summary>The endpoint's path.</summary>
    public const string Path = $"{ConsoleSignIn.Path}/events";

    private const int MaxStreams = 50;
    private const int MaxEvents = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>After this the browser asks again, and is refused if the administrator's key was removed.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private int _streams;

    /// <summary>Answers with a stream.</summary>
    public async Task OpenAsync(HttpContext context)
    {
        try
        {
            if (Interlocked.Increment(ref _streams) > MaxStreams)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, application.ApplicationStopping);
            context.Response.Headers["X-Accel-Buffering"] = "no";
            await TypedResults.ServerSentEvents(WatchAsync(context.Request.Headers["Last-Event-ID"].ToString(), stop.Token)).ExecuteAsync(context);
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    private async IAsyncEnumerable<SseItem<string>> WatchAsync(string lastEventId, [EnumeratorCancellation] CancellationToken stop)
    {
        string? cursor = lastEventId is "" ? null : lastEventId;
        long started = time.GetTimestamp();
        while (!stop.IsCancellationRequested && time.GetElapsedTime(started) < Longest)
        {
            (SessionStatistics? counts, AuditPage? trail) = await ReadAsync(cursor, stop);
            if (counts is not null)
            {
                // With the place in the trail, so that a browser that connects again misses no event.
                yield return new SseItem<string>(JsonSerializer.Serialize(counts, JsonSerializerOptions.Web), "statistics") { EventId = cursor };
            }

            if (cursor is not null)
            {
                foreach (AuditEvent told in trail?.Events ?? [])
                {
                    yield return new SseItem<string>(JsonSerializer.Serialize(AuditLineView.Of(told), JsonSerializerOptions.Web), "audit") { EventId = told.Id };
                }
            }

            // The page has shown what was there before.
            cursor = trail is { IsKept: true } ? trail.Cursor : cursor;
            await Task.Delay(Interval, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<(SessionStatistics? Counts, AuditPage? Trail)> ReadAsync(string? cursor, CancellationToken stop)
    {
        try
        {
            SessionStatistics counts = await sessions.CountAsync(stop);
            return (counts, cursor is null ? await sessions.LatestAuditAsync(1, stop) : await sessions.AuditAfterAsync(cursor, MaxEvents, stop));
        }
        catch (Exception exception) when (exception is SessionUnavailableException or ArgumentException or OperationCanceledException)
        {
            // Shown as a page that stands still. The next attempt comes soon.
            return (null, null);
        }
    }
}
