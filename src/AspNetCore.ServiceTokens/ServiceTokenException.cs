using Microsoft.AspNetCore.Http;

namespace OrleansSessions.AspNetCore.ServiceTokens;

/// <summary>Refusal of a token for services: there is no living session that is signed in.</summary>
public sealed class ServiceTokenException : SessionException
{
    private ServiceTokenException(string message, int statusCode)
        : base(message, statusCode, "No token for services")
    {
    }

    internal static ServiceTokenException NotSignedIn() =>
        new("The request has no session that is signed in, so there is no user to name to a service.", StatusCodes.Status401Unauthorized);

    internal static ServiceTokenException Ended() =>
        new("The session ended, or was signed in anew, while the request ran. Repeat the request.", StatusCodes.Status409Conflict);
}
