using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansSessions.AspNetCore.Tokens;

namespace OrleansSessions.AspNetCore;

/// <summary>The request's <c>HttpContext.Session</c>, which shares the fate of its user's ticket.</summary>
internal static class RequestSession
{
    /// <summary>Gives the session, if there is one, a new token. The old one opens nothing from then on.</summary>
    public static Task RotateAsync(HttpContext? request, CancellationToken cancellationToken) =>
        Find(request) is { } session ? session.RotateForSignInAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Ends the session, if there is one.</summary>
    public static Task EndAsync(HttpContext request, CancellationToken cancellationToken) =>
        Find(request) is { } session ? session.DestroyAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Finds the session of <c>UseOrleansSessions</c>. The stock session middleware can't replace its tokens.</summary>
    private static OrleansSession? Find(HttpContext? request) =>
        request?.Features.Get<ResponseTokenHolder>() is null ? null : request.Features.Get<ISessionFeature>()?.Session as OrleansSession;
}
