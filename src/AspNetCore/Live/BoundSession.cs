using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansSessions.Client.News;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>Session that a request stands on: <c>HttpContext.Session</c>, or the one that keeps its user's ticket.</summary>
/// <param name="Key">The session's key.</param>
/// <param name="Incarnation">The session's incarnation.</param>
/// <param name="Version">Its version when the request began, or an earlier one since its sign-in.</param>
/// <param name="Identity">Whose it was when the request began; null: it was not signed in.</param>
/// <param name="PrivilegeChanges">How often it had got more rights by then.</param>
internal readonly record struct BoundSession(SessionKey Key, Guid Incarnation, long Version, SessionIdentity? Identity, long PrivilegeChanges)
{
    /// <summary>Returns the request's <c>HttpContext.Session</c>; null: it has none, or it is not stored.</summary>
    public static async ValueTask<OrleansSession?> FindSessionAsync(HttpContext request)
    {
        if (request.Features.Get<ISessionFeature>()?.Session is not OrleansSession session)
        {
            return null;
        }

        await session.LoadAsync(request.RequestAborted);
        return session.Exists ? session : null;
    }

    /// <summary>Returns the sessions of a request.</summary>
    public static List<BoundSession> Of(HttpContext request, OrleansSession? session)
    {
        List<BoundSession> bound =
        [
            .. RequestTickets.Authenticating(request, request.User)
                .Select(static ticket => new BoundSession(ticket.Key, ticket.Incarnation, ticket.EntryVersion, ticket.Identity, ticket.PrivilegeChanges)),
        ];
        if (session is not null && Of(session) is { } own)
        {
            bound.Add(own);
        }

        return bound;
    }

    /// <summary>Returns a request's <c>HttpContext.Session</c>; null: it is not stored.</summary>
    public static BoundSession? Of(OrleansSession session) => session.Incarnation is { } incarnation
        ? new BoundSession(new SessionKey(session.Id), incarnation, session.Version, session.Identity, session.PrivilegeChanges)
        : null;

    /// <summary>
    /// Returns whether no one has signed in since the request began: otherwise whoever knew the token before has no right to the session any more. Signing in the same user
    /// without a new authentication, as to refresh claims, is no such thing.
    /// </summary>
    public bool IsStillOf(SessionIdentity? identity, long privilegeChanges) =>
        identity?.User == Identity?.User && identity?.AuthenticatedAt == Identity?.AuthenticatedAt && privilegeChanges == PrivilegeChanges;

    /// <summary>Enumerates the session's states, and completes when it has ended, or was signed in, as in <see cref="IsStillOf"/>.</summary>
    public async IAsyncEnumerable<SessionDescription> WatchAsync(SessionNews news, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (SessionDescription now in news.WatchAsync(Key, Incarnation, cancellationToken))
        {
            // Other connections may have read the session before this request did, and not since.
            if (now.Version < Version)
            {
                continue;
            }

            if (!IsStillOf(now.Identity, now.PrivilegeChanges))
            {
                yield break;
            }

            yield return now;
        }
    }

    /// <summary>Completes when <see cref="WatchAsync"/> does.</summary>
    public async Task WaitForEndAsync(SessionNews news, CancellationToken cancellationToken)
    {
        await foreach (SessionDescription now in WatchAsync(news, cancellationToken))
        {
            // Nothing but the end matters.
        }
    }
}
