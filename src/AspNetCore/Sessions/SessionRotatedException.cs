using Microsoft.AspNetCore.Http;

namespace OrleansSessions.AspNetCore;

/// <summary>
/// The session can't be rotated, because another request has done so since this one's cookie was sent. Nothing that was to be stored with the rotation was: who made
/// the other request has the new cookie, and need not be this browser.
/// </summary>
public sealed class SessionRotatedException : SessionException
{
    internal SessionRotatedException()
        : base(
            "Another request has rotated the session meanwhile, so it was not rotated again and nothing was stored with it. Repeat the request with the new cookie.",
            StatusCodes.Status409Conflict,
            "Session rotated")
    {
    }
}
