using Microsoft.AspNetCore.Http;

namespace OrleansSessions.AspNetCore;

/// <summary>Refusal of a request from an address that has presented too many unknown tokens.</summary>
internal sealed class GuessLimitException() : SessionException(
    "Too many requests from this address named no session. Try again in a minute.", StatusCodes.Status429TooManyRequests, "Too many unknown sessions");
