using Microsoft.AspNetCore.Http;

namespace OrleansSessions.AspNetCore;

/// <summary>Refusal in connection with an impersonation. Nothing was stored.</summary>
public sealed class ImpersonationException : SessionException
{
    private ImpersonationException(string message, int statusCode)
        : base(message, statusCode, "Impersonation refused")
    {
    }

    internal static ImpersonationException NotAllowed() => new("You may not act as a user.", StatusCodes.Status403Forbidden);

    internal static ImpersonationException NotSignedIn() =>
        new("Only a session that is signed in can act as a user: it is named beside the user.", StatusCodes.Status403Forbidden);

    internal static ImpersonationException OtherUser() =>
        new("The session is signed in as another user than the one who is authenticated: sign out and in again.", StatusCodes.Status409Conflict);

    internal static ImpersonationException SameUser() => new("You are this user.", StatusCodes.Status409Conflict);

    internal static ImpersonationException Acting() =>
        new("You act as a user. Stop that first: it allows no sign-in, and no acting as another user.", StatusCodes.Status409Conflict);
}
