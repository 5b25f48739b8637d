using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace OrleansSessions.AspNetCore.OpenIdConnect;

/// <summary>What a provider has to do with its tickets' sign-ins and ends, after what the application does.</summary>
internal sealed class TicketEvents(
    IOptionsMonitor<OrleansOpenIdConnectOptions> providers, ProviderSessionUsers known, OvertakenSignIn overtaken, RefreshTokenRevocation revocation, RevocationQueue queue)
{
    public void AddTo(OrleansTicketStoreOptions options, string providerScheme)
    {
        Func<AuthenticationTicket, SignInOptions>? details = options.Details;
        options.Details = ticket => ProviderSession.Describe(providerScheme, ticket, details?.Invoke(ticket) ?? new SignInOptions());
        Func<HttpContext, AuthenticationTicket, Task>? signedIn = options.SignedIn;
        options.SignedIn = async (request, ticket) =>
        {
            await (signedIn?.Invoke(request, ticket) ?? Task.CompletedTask);
            if (RequestTickets.Of(request, ticket.AuthenticationScheme).Retrieved is { Identity: { } identity } stored)
            {
                await AddUserAsync(providerScheme, identity.User, stored.Ticket);
            }

            await overtaken.EndAsync(request, providerScheme, ticket);
        };
        Func<string, AuthenticationTicket, Task>? renewing = options.Renewing;
        options.Renewing = async (user, ticket) =>
        {
            await (renewing?.Invoke(user, ticket) ?? Task.CompletedTask);
            await AddUserAsync(providerScheme, user, ticket);
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

    private Task AddUserAsync(string providerScheme, string user, AuthenticationTicket ticket) =>
        ProviderSession.FindTag(providerScheme, ticket) is { } tag ? known.AddAsync(tag, user, ticket.Properties.ExpiresUtc) : Task.CompletedTask;
}
