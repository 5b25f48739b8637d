using Microsoft.AspNetCore.Http.Features;
using OrleansSessions.AspNetCore;

namespace OrleansSessions.WebFrontend.Sessions;

/// <summary>Access to the session of a request that may have none.</summary>
internal static class RequestSession
{
    /// <summary>
    /// Returns the request's session, or null on a page that skips it (<see cref="SkipSessionAttribute"/>). The error page skips it even in place of a page with a
    /// session, because that session may be what failed.
    /// </summary>
    public static IOrleansSession? FindSession(this HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<SkipSessionAttribute>() is null
            ? context.Features.Get<ISessionFeature>()?.Session as IOrleansSession
            : null;
}
