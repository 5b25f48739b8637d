using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using OrleansSessions.Contracts;

namespace OrleansSessions.Administration.Api;

/// <summary>Handlers of the administration's routes.</summary>
internal static class SessionAdministrationEndpoints
{
    private const int MaxAuditPage = 1_000;
    private const int FirstEvents = 50;
    private const int TaggedPage = 200;

    /// <summary>A place becomes free when a feed ends, after a minute at most.</summary>
    private const string FeedRetryAfterSeconds = "10";

    public static async Task<IResult> CountAsync(SessionAdministrator sessions, CancellationToken cancellationToken) =>
        TypedResults.Ok(await sessions.CountAsync(cancellationToken));

    public static IResult FindUser(UserQuestion question, SessionAdministrator sessions) =>
        string.IsNullOrEmpty(question.User) ? Invalid("The body must be a JSON object with the member user.")
        : sessions.KeyOf(question.User) is { } key ? TypedResults.Ok(new { userKey = key.Value })
        : TypedResults.Problem(
            $"Users can't be found by id: {SessionAdministrationOptions.SectionName}:{nameof(SessionAdministrationOptions.UserKeySecret)} is not set.",
            statusCode: StatusCodes.Status409Conflict);

    public static async Task<IResult> ListAsync(
        string userKey, SessionAdministrator sessions, CancellationToken cancellationToken, long cursor = 0, int count = IUserSessionsGrain.MaxPage)
    {
        if (!SessionAdministrator.IsKey(userKey) || cursor < 0 || count is < 1 or > IUserSessionsGrain.MaxPage)
        {
            return Invalid($"A user's key has 43 characters, a cursor is not negative, and a count is 1 to {IUserSessionsGrain.MaxPage}.");
        }

        UserSessionPage page = await sessions.ListAsync(new UserKey(userKey), cursor, count, cancellationToken);
        return TypedResults.Ok(new UserPageModel(page.Cursor, [.. page.Sessions.Select(static session => SessionModel.Of(session.SessionKey, session.Description))]));
    }

    public static async Task<IResult> EndAllAsync(
        string userKey, string? except, string? tag, ClaimsPrincipal administrator, SessionAdministrator sessions, CancellationToken cancellationToken) =>
        SessionAdministrator.IsKey(userKey)
            ? TypedResults.Ok(new { ended = await sessions.EndAllAsync(new UserKey(userKey), except, tag, NameOf(administrator), cancellationToken) })
            : Invalid("A user's key has 43 characters.");

    public static async Task<IResult> EndTaggedAsync(
        ClaimsPrincipal administrator,
        SessionAdministrator sessions,
        CancellationToken cancellationToken,
        [FromQuery(Name = "namespace")] string? sessionNamespace = null,
        string? tag = null,
        long cursor = 0,
        int count = TaggedPage)
    {
        if (sessionNamespace is null || tag is not { Length: > 0 and <= SessionSignIn.MaxText } || cursor < 0 || count is < 1 or > ISessionListGrain.MaxPage)
        {
            return Invalid(
                $"A namespace and a tag of 1 to {SessionSignIn.MaxText} characters are needed, a cursor is not negative, and a count is 1 to {ISessionListGrain.MaxPage}.");
        }

        EndedPage page = await sessions.EndTaggedAsync(sessionNamespace, tag, cursor, count, NameOf(administrator), cancellationToken);
        return TypedResults.Ok(new { ended = page.Ended, cursor = page.Cursor });
    }

    public static Task<IResult> DescribeAsync(string key, SessionAdministrator sessions, CancellationToken cancellationToken) =>
        AnswerAsync(key, sessions, withValues: false, cancellationToken);

    public static async Task<IResult> ReadAsync(string key, ClaimsPrincipal administrator, SessionAdministrator sessions, CancellationToken cancellationToken)
    {
        IResult result = await AnswerAsync(key, sessions, withValues: true, cancellationToken);
        if (result is IStatusCodeHttpResult { StatusCode: StatusCodes.Status200OK })
        {
            sessions.NoteValuesRead(new SessionKey(key), NameOf(administrator));
        }

        return result;
    }

    public static async Task<IResult> EndAsync(string key, ClaimsPrincipal administrator, SessionAdministrator sessions, CancellationToken cancellationToken) =>
        SessionAdministrator.IsKey(key) && await sessions.EndAsync(new SessionKey(key), NameOf(administrator), cancellationToken) ? TypedResults.NoContent() : Unknown();

    public static async Task<IResult> AuditAsync(SessionAdministrator sessions, CancellationToken cancellationToken, string? after = null, int count = 100)
    {
        if (count is < 1 or > MaxAuditPage || (after is not null && !AuditCursor.IsValid(after)))
        {
            return Invalid($"A count is 1 to {MaxAuditPage}, and after is the id of an event.");
        }

        AuditPage page = await PageAsync(sessions, after, count, cancellationToken);
        return page.IsKept ? TypedResults.Ok(new { cursor = page.Cursor, events = page.Events.Select(AuditModel.Of) }) : NotKept();
    }

    public static async Task<IResult> FollowAsync(
        HttpContext request,
        AuditFeed feed,
        SessionAdministrator sessions,
        [FromHeader(Name = "Last-Event-ID")] string? lastEventId,
        CancellationToken cancellationToken,
        string? after = null)
    {
        string? from = lastEventId ?? after;
        if (from is not null && !AuditCursor.IsValid(from))
        {
            return Invalid("Last-Event-ID, or after, is the id of an event.");
        }

        if (!feed.TryJoin())
        {
            request.Response.Headers.RetryAfter = FeedRetryAfterSeconds;
            return TypedResults.Problem(
                $"{feed.MaxFollowers} clients follow the audit trail here, and no more may: "
                + $"{SessionAdministrationOptions.SectionName}:{nameof(SessionAdministrationOptions.MaxAuditFeeds)}. Close a feed, or try again later.",
                statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        try
        {
            AuditPage page = await PageAsync(sessions, from, FirstEvents, cancellationToken);
            if (!page.IsKept)
            {
                return NotKept();
            }

            // Here, because the place is taken until the feed ends.
            await TypedResults.ServerSentEvents(feed.FollowAsync(page, cancellationToken)).ExecuteAsync(request);
            return TypedResults.Empty;
        }
        finally
        {
            feed.Leave();
        }
    }

    private static Task<AuditPage> PageAsync(SessionAdministrator sessions, string? after, int count, CancellationToken cancellationToken) =>
        after is null ? sessions.LatestAuditAsync(count, cancellationToken) : sessions.AuditAfterAsync(after, count, cancellationToken);

    private static async Task<IResult> AnswerAsync(string key, SessionAdministrator sessions, bool withValues, CancellationToken cancellationToken)
    {
        SessionContent? content = SessionAdministrator.IsKey(key) ? await sessions.ReadAsync(new SessionKey(key), cancellationToken) : null;
        return content is null
            ? Unknown()
            : TypedResults.Ok(SessionModel.Of(key, content.Description, [.. content.Entries.Select(entry => EntryModel.Of(entry, withValues))]));
    }

    private static string NameOf(ClaimsPrincipal administrator) => administrator.Identity?.Name ?? SessionActor.Unknown;

    private static IResult Invalid(string detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status400BadRequest);

    private static IResult Unknown() => TypedResults.Problem("There is no such session.", statusCode: StatusCodes.Status404NotFound);

    private static IResult NotKept() =>
        TypedResults.Problem("The cluster keeps no audit trail: SessionCluster:Audit:Stream is not set.", statusCode: StatusCodes.Status409Conflict);
}
