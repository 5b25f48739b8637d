using Microsoft.AspNetCore.Http.Features;
using OrleansSessions.AspNetCore;

namespace OrleansSessions.WebFrontend.Sessions;

/// <summary>Finds the session of a request where there may be none.</summary>
internal static class RequestSession
{
    /// <summary>
    /// The request's session, or null on a page that skips it (<see cref="SkipSessionAttribute"/>). The error page is such a page even when it
    /// is shown in place of one that had a session: that session may be what failed.
    /// </summary>
    public static IOrleansSession? FindSession(this HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<SkipSessionAttribute>() is null
            ? context.Features.Get<ISessionFeature>()?.Session as IOrleansSession
            : null;
}
