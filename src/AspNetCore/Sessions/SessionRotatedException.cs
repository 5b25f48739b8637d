using Microsoft.AspNetCore.Http;

namespace OrleansSessions.AspNetCore;

/// <summary>
/// Refusal of a rotation: another request has rotated the session since this request's cookie was sent. Nothing of the rotation's commit was stored. The sender of
/// the other request has the new cookie, and need not be this browser.
/// </summary>
public sealed class SessionRotatedException : SessionException
{
    internal SessionRotatedException()
        : base(
            "Another request has already rotated the session, so nothing was stored. Repeat the request with the new cookie.",
            StatusCodes.Status409Conflict,
            "Session rotated")
    {
    }
}
