using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansSessions.AspNetCore.Tokens;

namespace OrleansSessions.AspNetCore;

/// <summary>The request's <c>HttpContext.Session</c>, which shares the fate of its user's ticket.</summary>
internal static class RequestSession
{
    /// <summary>
    /// Gives the session, if there is one, a new token. The old one opens nothing from then on. A session that belongs, or belonged, to another user ends instead, because
    /// its entries are not the new one's.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="isSameUser">Whether the ticket before is the same user's; null: there is none, or it has ended.</param>
    /// <param name="user">The key of the user who signs in; null: not known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task SignInAsync(HttpContext? request, bool? isSameUser, string? user, CancellationToken cancellationToken)
    {
        if (Find(request) is not { } session)
        {
            return;
        }

        await session.LoadAsync(cancellationToken);
        bool isOthers = isSameUser == false
            || (user is not null && session.Identity is { } identity && identity.User != user)
            || (session.TicketUser is { } ticketUser && !IsOf(ticketUser, user, isSameUser == true) && !IsSignedInBeside(request!, ticketUser));
        await (isOthers ? session.DestroyAsync(cancellationToken) : session.RotateForTicketAsync(user ?? RetrievedTicket.UnknownUser, cancellationToken));
    }

    /// <summary>Ends the session, if there is one.</summary>
    public static Task EndAsync(HttpContext request, CancellationToken cancellationToken) =>
        Find(request) is { } session ? session.DestroyAsync(cancellationToken) : Task.CompletedTask;

    private static bool IsOf(string ticketUser, string? user, bool isSameUser) => ticketUser == RetrievedTicket.UnknownUser ? isSameUser : ticketUser == user;

    /// <summary>Whether the session's user is signed in by another scheme, and so uses the browser now.</summary>
    private static bool IsSignedInBeside(HttpContext request, string ticketUser) => request.Features.Get<RequestTickets>()?.IsSignedIn(ticketUser) == true;

    /// <summary>Finds the session of <c>UseOrleansSessions</c>. The stock session middleware can't replace its tokens.</summary>
    private static OrleansSession? Find(HttpContext? request) =>
        request?.Features.Get<ResponseTokenHolder>() is null ? null : request.Features.Get<ISessionFeature>()?.Session as OrleansSession;
}
