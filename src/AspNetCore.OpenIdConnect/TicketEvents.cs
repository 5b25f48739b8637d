using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace OrleansSessions.AspNetCore.OpenIdConnect;

/// <summary>What a provider has to do with its tickets' sign-ins and ends, after what the application does.</summary>
internal sealed class TicketEvents(
    IOptionsMonitor<OrleansOpenIdConnectOptions> providers, OvertakenSignIn overtaken, RefreshTokenRevocation revocation, RevocationQueue queue)
{
    public void AddTo(OrleansTicketStoreOptions options, string providerScheme)
    {
        Func<AuthenticationTicket, SignInOptions>? details = options.Details;
        options.Details = ticket => ProviderSession.Describe(providerScheme, ticket, details?.Invoke(ticket) ?? new SignInOptions());
        Func<HttpContext, AuthenticationTicket, Task>? signedIn = options.SignedIn;
        options.SignedIn = async (request, ticket) =>
        {
            await (signedIn?.Invoke(request, ticket) ?? Task.CompletedTask);
            await overtaken.EndAsync(request, providerScheme, ticket);
        };
        if (!providers.Get(providerScheme).RevokeRefreshTokens)
        {
            return;
        }

        Func<HttpContext, AuthenticationTicket, Task>? ended = options.Ended;
        options.Ended = async (request, ticket) =>
        {
            await (ended?.Invoke(request, ticket) ?? Task.CompletedTask);
            if (ProviderSession.IsOf(providerScheme, ticket))
            {
                await revocation.RevokeAsync(providerScheme, ticket);
            }
        };
        Action<AuthenticationTicket>? endedElsewhere = options.EndedElsewhere;
        options.EndedElsewhere = ticket =>
        {
            endedElsewhere?.Invoke(ticket);
            if (ProviderSession.IsOf(providerScheme, ticket))
            {
                queue.Add(providerScheme, ticket);
            }
        };
    }
}
