using Microsoft.AspNetCore.Http;

namespace OrleansSessions.AspNetCore;

/// <summary>Refusal of a sign-in: the user is signed in as often as the cluster allows, and the cluster refuses new sign-ins then. Nothing was stored.</summary>
public sealed class TooManySessionsException : SessionException
{
    internal TooManySessionsException()
        : base(
            "The user is signed in on as many devices as allowed, so nothing was stored. Sign out on one of them, or wait until a session has ended.",
            StatusCodes.Status409Conflict,
            "Too many sessions")
    {
    }
}
