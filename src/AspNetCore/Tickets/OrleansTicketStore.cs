using System.Collections.Immutable;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansSessions.Client;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>
/// Store of authentication tickets: each is a session of its own with one entry. The authentication cookie holds the session's token. A ticket's session ends when the
/// ticket expires, and reading it does not move that deadline.
/// </summary>
internal sealed partial class OrleansTicketStore(
    string scheme,
    OrleansTicketStoreOptions options,
    OrleansSessionOptions sessions,
    SessionClient client,
    UserKeys users,
    ProtectedTickets tickets,
    TimeProvider time,
    ILogger logger)
    : ITicketStore
{
    /// <summary>Maximum length of the sessions' namespace, so that the tickets' fits too.</summary>
    public const int MaxNamespaceBytes = SessionKey.MaxNamespaceBytes - 8;

    private const string EntryName = "ticket";
    private const string NamespaceSuffix = ":tickets";

    /// <summary>The lifetime of a ticket that does not tell its own: the default of ASP.NET Core's cookies.</summary>
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(14);

    private readonly string _namespace = sessions.Namespace + NamespaceSuffix;

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

        RetrievedTicket? found = await FindAsync(key, request is { SignedOut: not null } ? CancellationToken.None : cancellationToken);
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
            await RequestSession.SignInAsync(httpContext, before is not null && !isSameUser, signIn?.User, cancellationToken);
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

        var token = SessionToken.Create();
        SessionKey key = KeyOf(token);
        SessionCommit commit = CommitOf(key, ticket) with
        {
            Namespace = _namespace,
            NewSession = new SessionLifetime { IdleTimeout = SessionLifetime.Clamp(ExpiryOf(ticket) - time.GetUtcNow()) },
            Secret = token.SecretHash,
            SignIn = signIn,
        };
        CommitResult result = await client.CommitAsync(key, commit, cancellationToken);
        AppliedCommit.ThrowUnlessApplied(result);
        Remember(httpContext, token, ticket, result);
        return token.Value;
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
            SessionCommit commit = CommitOf(found.Key, ticket, isRefresh ? found.EntryVersion : null) with { BasedOn = found.Incarnation };
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

    private SchemeTicket? Of(HttpContext? request) => request is null ? null : RequestTickets.Of(request, scheme);

    private SessionKey KeyOf(SessionToken token) => SessionKey.For(_namespace, token);

    private DateTimeOffset ExpiryOf(AuthenticationTicket ticket) => ticket.Properties.ExpiresUtc ?? time.GetUtcNow() + DefaultLifetime;

    private SessionCommit CommitOf(SessionKey key, AuthenticationTicket ticket, long? entryVersion = null)
    {
        byte[] bytes = tickets.Protect(key, ticket);
        ImmutableArray<SessionChange> changes =
        [
            entryVersion is { } version ? SessionChange.SetIfVersion(EntryName, bytes, EntryFormat.Bytes, version) : SessionChange.Set(EntryName, bytes),
            SessionChange.SetDeadline(ExpiryOf(ticket)),
        ];
        return new SessionCommit { OperationId = Guid.NewGuid(), Changes = changes };
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
        SessionCommit commit = CommitOf(before.Key, ticket) with
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
        Remember(request, token, ticket, result);
        return token;
    }

    private async Task EndAsync(RetrievedTicket ticket, HttpContext? request, CancellationToken cancellationToken)
    {
        if (!await client.DestroyAsync(ticket.Key, ticket.Incarnation, cancellationToken)
            && (await client.LoadAgainAsync(ticket.Key, touch: false, ticket.Incarnation, cancellationToken)).Snapshot is not null)
        {
            throw new SessionUnavailableException("The ticket could not be ended in time and is still valid. Try again.");
        }

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
        Of(request)?.Retrieved is { } retrieved && retrieved.Token.Value == key ? retrieved : await FindAsync(key, cancellationToken);

    private async Task<RetrievedTicket?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (!SessionToken.TryParse(key, out SessionToken token) || !token.HasSecret)
        {
            return null;
        }

        SessionKey sessionKey = KeyOf(token);
        LoadResult result = await client.LoadAsync(sessionKey, touch: false, token.SecretHash, cancellationToken).AsTask().WaitAsync(cancellationToken);
        if (result.Snapshot is not { } session)
        {
            return null;
        }

        if (session.Entries.FirstOrDefault(static entry => entry.Name == EntryName) is not { } entry || tickets.Unprotect(sessionKey, entry.Value) is not { } ticket)
        {
            LogUnreadable(logger, sessionKey.Short);
            return null;
        }

        return new RetrievedTicket(
            token, sessionKey, session.Incarnation, session.Identity, entry.Version, ticket, options.UserIdOf(ticket), ticket.Properties.IssuedUtc, result.IsSecretReplaced);
    }

    /// <summary>What the request has stored is its ticket from now on.</summary>
    private void Remember(HttpContext? request, SessionToken token, AuthenticationTicket ticket, CommitResult result)
    {
        SchemeTicket? scheme = Of(request);
        scheme?.SignIn?.IsStored = true;
        scheme?.Retrieved = new RetrievedTicket(
            token,
            KeyOf(token),
            result.Incarnation,
            result.Identity,
            result.Version,
            ticket,
            options.UserIdOf(ticket),
            ticket.Properties.IssuedUtc,
            IsSecretReplaced: false);
    }

    [LoggerMessage(
        330,
        LogLevel.Warning,
        "The ticket of session {Key} is refused: it is not protected with a Data Protection key of this application, or it was moved or changed in Redis.")]
    private static partial void LogUnreadable(ILogger logger, string key);

    [LoggerMessage(331, LogLevel.Debug, "A ticket was not renewed, because another request has ended or replaced it ({Outcome}).")]
    private static partial void LogNotRenewed(ILogger logger, CommitOutcome outcome);
}
