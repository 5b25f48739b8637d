using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansSessions.Client;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>
/// Store of authentication tickets, whose tokens are in the authentication cookie. A sign-in in a request that presents a ticket of the same user replaces the token in
/// place; another user's ticket ends.
/// </summary>
internal sealed partial class OrleansTicketStore(
    string scheme,
    OrleansTicketStoreOptions options,
    OrleansSessionOptions sessions,
    SessionClient client,
    UserKeys users,
    StoredTickets tickets,
    ILogger logger)
    : ITicketStore
{
    public Task<string> StoreAsync(AuthenticationTicket ticket) => StoreAsync(ticket, null, CancellationToken.None);

    public Task<string> StoreAsync(AuthenticationTicket ticket, CancellationToken cancellationToken) => StoreAsync(ticket, null, cancellationToken);

    public Task RenewAsync(string key, AuthenticationTicket ticket) => RenewAsync(key, ticket, null, CancellationToken.None);

    public Task RenewAsync(string key, AuthenticationTicket ticket, CancellationToken cancellationToken) => RenewAsync(key, ticket, null, cancellationToken);

    public Task<AuthenticationTicket?> RetrieveAsync(string key) => RetrieveAsync(key, null, CancellationToken.None);

    public Task<AuthenticationTicket?> RetrieveAsync(string key, CancellationToken cancellationToken) => RetrieveAsync(key, null, cancellationToken);

    public Task RemoveAsync(string key) => RemoveAsync(key, null, CancellationToken.None);

    public Task RemoveAsync(string key, CancellationToken cancellationToken) => RemoveAsync(key, null, cancellationToken);

    public async Task<AuthenticationTicket?> RetrieveAsync(string key, HttpContext? httpContext, CancellationToken cancellationToken)
    {
        SchemeTicket? request = Of(httpContext);
        if (request?.SignIn is { Presented: null } signIn)
        {
            signIn.Presented = key;
            return null;
        }

        RetrievedTicket? found = await tickets.FindAsync(key, request is { SignedOut: not null } ? CancellationToken.None : cancellationToken);
        request?.Retrieved = found;
        return found?.Ticket;
    }

    public async Task<string> StoreAsync(AuthenticationTicket ticket, HttpContext? httpContext, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        SessionSignIn? signIn = SignInOf(ticket, httpContext);
        TicketSignIn? request = Of(httpContext)?.SignIn;
        RetrievedTicket? before = request?.Presented is { } presented ? await FindAsync(presented, httpContext, cancellationToken) : null;
        bool isSameUser = before is { UserId: { } userId } && userId == options.UserIdOf(ticket);
        bool isReissue = isSameUser && request!.IsIssued && before!.IssuedAt == ticket.Properties.IssuedUtc;
        if (options.CoversSession && !isReissue)
        {
            await RequestSession.SignInAsync(httpContext, before is null ? null : isSameUser, signIn?.User, cancellationToken);
        }

        if (before is not null && !isSameUser)
        {
            await EndAsync(before, httpContext, cancellationToken);
        }
        else if (before is not null)
        {
            if (isReissue)
            {
                signIn = KeepAuthentication(signIn, before);
                TicketSupersededException.ThrowIf(before.IsSecretReplaced);
            }

            if (!before.IsSecretReplaced && await TryReplaceAsync(before, ticket, signIn, isReissue, httpContext!, cancellationToken) is { } replaced)
            {
                return replaced.Value;
            }
        }

        RetrievedTicket stored = await tickets.CreateAsync(ticket, signIn, cancellationToken);
        Remember(httpContext, stored);
        return stored.Token.Value;
    }

    public async Task RenewAsync(string key, AuthenticationTicket ticket, HttpContext? httpContext, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        bool isRefresh = Of(httpContext) is { IsRefreshing: true };
        CommitResult? result = null;
        if (await FindAsync(key, httpContext, cancellationToken) is { } found)
        {
            if (found.UserId != options.UserIdOf(ticket) || (found.UserId is null && !isRefresh))
            {
                throw new InvalidOperationException("A ticket can't be renewed as another user's: sign out first.");
            }

            TicketSupersededException.ThrowIf(isRefresh && found.IsSecretReplaced);
            if (found.Identity is { } identity && options.Renewing is { } renewing)
            {
                await renewing(identity.User, ticket);
            }

            SessionCommit commit = tickets.CommitOf(found.Key, ticket, isRefresh ? found.EntryVersion : null) with { BasedOn = found.Incarnation };
            result = await client.CommitAsync(found.Key, commit, cancellationToken);
            if (result.Outcome is not (CommitOutcome.Gone or CommitOutcome.Conflict))
            {
                AppliedCommit.ThrowUnlessApplied(result);
                return;
            }
        }

        LogNotRenewed(logger, result?.Outcome ?? CommitOutcome.Gone);
        TicketSupersededException.ThrowIf(isRefresh);
    }

    public async Task RemoveAsync(string key, HttpContext? httpContext, CancellationToken cancellationToken)
    {
        SchemeTicket? request = Of(httpContext);
        CancellationToken cancellation = request is { SignedOut: not null } ? CancellationToken.None : cancellationToken;
        if (await FindAsync(key, httpContext, cancellation) is { } found)
        {
            request?.Retrieved = null;
            await EndAsync(found, httpContext, cancellation);
        }
    }

    /// <summary>
    /// Keeps when and how the user authenticated, and the tags as far as they fit, for a ticket that is only issued anew: its session is still the same one at the provider.
    /// Code that signs in without asking the user, for example to refresh claims or tokens, passes on the properties of the ticket before.
    /// </summary>
    private static SessionSignIn? KeepAuthentication(SessionSignIn? signIn, RetrievedTicket before)
    {
        if (signIn is null || before.Identity is not { } known)
        {
            return signIn;
        }

        SessionSignIn tagged = signIn with { Tags = [.. signIn.Tags.Union(known.Tags).Take(SessionSignIn.MaxTags)] };
        return (signIn.AuthenticatedAt ?? DateTimeOffset.UnixEpoch) == DateTimeOffset.UnixEpoch
            ? tagged with { AuthenticatedAt = known.AuthenticatedAt, Method = signIn.Method ?? known.Method }
            : tagged;
    }

    private SchemeTicket? Of(HttpContext? request)
    {
        SchemeTicket? ticket = request is null ? null : RequestTickets.Of(request, scheme);
        ticket?.CoversSession = options.CoversSession;
        return ticket;
    }

    private SessionSignIn? SignInOf(AuthenticationTicket ticket, HttpContext? request)
    {
        if (!users.HasSecret)
        {
            return null;
        }

        string userId = options.UserIdOf(ticket) ?? throw new InvalidOperationException(
            $"The ticket's principal has no claim {options.UserIdClaimText}, so its user could not end it: add the claim, or name another one in "
            + $"{OrleansTicketStoreOptions.SectionName}:{nameof(options.UserIdClaim)}.");
        return (options.Details?.Invoke(ticket) ?? new SignInOptions()).ToSignIn(users.Of(userId), request);
    }

    /// <summary>Replaces the ticket and its token. Null if another request was faster, and this one is a sign-in of its own.</summary>
    /// <exception cref="SessionGoneException">The ticket was ended, which must not sign its user in again.</exception>
    /// <exception cref="TicketSupersededException">Another request was faster, and this one would only issue the same ticket anew.</exception>
    private async Task<SessionToken?> TryReplaceAsync(
        RetrievedTicket before, AuthenticationTicket ticket, SessionSignIn? signIn, bool isReissue, HttpContext request, CancellationToken cancellationToken)
    {
        SessionToken token = before.Token.WithNewSecret();
        SessionCommit commit = tickets.CommitOf(before.Key, ticket) with
        {
            BasedOn = before.Incarnation,
            Rotation = new()
            {
                From = before.Token.SecretHash,
                To = token.SecretHash,
                Grace = sessions.RotationGrace,
                EndOnReuse = sessions.EndOnReuse,
                IsPrivilegeChange = !isReissue,
            },
            SignIn = signIn,
        };
        CommitResult result = await client.CommitAsync(before.Key, commit, cancellationToken);
        if (result.Outcome == CommitOutcome.SecretReplaced)
        {
            TicketSupersededException.ThrowIf(isReissue);
            return null;
        }

        AppliedCommit.ThrowUnlessApplied(result);
        Remember(request, tickets.Stored(token, ticket, result, before.PrivilegeChanges + (commit.IsPrivilegeChangeWithoutUser ? 1 : 0)));
        return token;
    }

    private async Task EndAsync(RetrievedTicket ticket, HttpContext? request, CancellationToken cancellationToken)
    {
        await tickets.EndAsync(ticket, cancellationToken);
        if (Of(request)?.SignedOut is { } signedOut)
        {
            signedOut.Add(ticket.Ticket);
        }
        else if (options.Ended is { } ended && request is not null)
        {
            await ended(request, ticket.Ticket);
        }
    }

    private async Task<RetrievedTicket?> FindAsync(string key, HttpContext? request, CancellationToken cancellationToken) =>
        Of(request)?.Retrieved is { } retrieved && retrieved.Token.Value == key ? retrieved : await tickets.FindAsync(key, cancellationToken);

    /// <summary>The ticket that the request has stored replaces the one that it read.</summary>
    private void Remember(HttpContext? request, RetrievedTicket stored)
    {
        SchemeTicket? scheme = Of(request);
        scheme?.SignIn?.IsStored = true;
        scheme?.Retrieved = stored;
    }

    [LoggerMessage(331, LogLevel.Debug, "A ticket was not renewed, because another request has ended or replaced it ({Outcome}).")]
    private static partial void LogNotRenewed(ILogger logger, CommitOutcome outcome);
}
