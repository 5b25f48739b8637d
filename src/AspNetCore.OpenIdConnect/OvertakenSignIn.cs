using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OrleansSessions.AspNetCore.OpenIdConnect;

/// <summary>End of a sign-in that the provider's logout has overtaken: it arrived before the ticket was in the user's list.</summary>
internal sealed partial class OvertakenSignIn(SeenLogoutTokens seen, ILogger<OvertakenSignIn> logger)
{
    /// <summary>Signs out of a new ticket if the provider has ended its session meanwhile.</summary>
    public async Task EndAsync(HttpContext request, string providerScheme, AuthenticationTicket ticket)
    {
        // The browser may not wait for the answer, but it has got the ticket.
        if (ProviderSession.FindTag(providerScheme, ticket) is { } tag && await seen.HasEndedAsync(tag, CancellationToken.None))
        {
            await request.SignOutAsync(ticket.AuthenticationScheme);
            LogOvertaken(logger);
        }
    }

    [LoggerMessage(503, LogLevel.Information, "Ended a sign-in: the provider had signed the user out meanwhile.")]
    private static partial void LogOvertaken(ILogger logger);
}
