using Microsoft.AspNetCore.Http;

namespace OrleansSessions.AspNetCore;

/// <summary>End of a session during the request: it was destroyed, rotated away or expired. The request's changes are dropped: a late write can't bring a session back.</summary>
public sealed class SessionGoneException : SessionException
{
    internal SessionGoneException()
        : base("The session ended while the request ran, so nothing was stored. Repeat the request to start over.", StatusCodes.Status409Conflict, "Session ended")
    {
    }
}
