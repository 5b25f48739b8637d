using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using OrleansSessions.Contracts;

namespace OrleansSessions.Administration.Api;

/// <summary>Feed of the audit trail as server-sent events. Each has its place as its id, so a browser that reconnects misses none.</summary>
internal sealed class AuditFeed(SessionAdministrator sessions, TimeProvider time)
{
    private const int Batch = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Tells the events of a page, and then those that follow, until the client leaves or the cluster does not answer.</summary>
    public async IAsyncEnumerable<SseItem<AuditModel>> FollowAsync(AuditPage page, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            foreach (AuditEvent told in page.Events)
            {
                yield return new SseItem<AuditModel>(AuditModel.Of(told), "audit") { EventId = told.Id };
            }

            if (page.Events.Length < Batch)
            {
                await Task.Delay(Interval, time, cancellationToken);
            }

            try
            {
                page = await sessions.AuditAfterAsync(page.Cursor, Batch, cancellationToken);
            }
            catch (SessionUnavailableException)
            {
                // The client reconnects with the id of the last event.
                yield break;
            }
        }
    }
}
