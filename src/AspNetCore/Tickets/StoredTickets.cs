using System.Collections.Immutable;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using OrleansSessions.Client;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>
/// Tickets of a scheme in the cluster. Each is a session of its own with one entry, which ends when the ticket expires; reading it does not move that deadline.
/// </summary>
internal sealed partial class StoredTickets(
    OrleansTicketStoreOptions options, OrleansSessionOptions sessions, SessionClient client, ProtectedTickets protection, TimeProvider time, ILogger logger)
{
    /// <summary>Maximum length of the sessions' namespace, so that the tickets' fits too.</summary>
    public const int MaxNamespaceBytes = SessionKey.MaxNamespaceBytes - 8;

    public const string EntryName = "ticket";
    public const string NamespaceSuffix = ":tickets";

    /// <summary>The lifetime of a ticket without an expiry of its own: the default of ASP.NET Core's cookies.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(14);

    private readonly string _namespace = sessions.Namespace + NamespaceSuffix;

    /// <summary>Returns the ticket of a token; null: there is none, or it can't be read.</summary>
    public async Task<RetrievedTicket?> FindAsync(string key, CancellationToken cancellationToken)
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

        if (session.Entries.FirstOrDefault(static entry => entry.Name == EntryName) is not { } entry || protection.Unprotect(sessionKey, entry.Value) is not { } ticket)
        {
            LogUnreadable(logger, sessionKey.Short);
            return null;
        }

        return new RetrievedTicket(
            token,
            sessionKey,
            session.Incarnation,
            session.Identity,
            session.PrivilegeChanges,
            entry.Version,
            ticket,
            options.UserIdOf(ticket),
            ticket.Properties.IssuedUtc,
            result.IsSecretReplaced);
    }

    /// <summary>The commit that stores a ticket.</summary>
    public SessionCommit CommitOf(SessionKey key, AuthenticationTicket ticket, long? entryVersion = null)
    {
        byte[] bytes = protection.Protect(key, ticket);
        ImmutableArray<SessionChange> changes =
        [
            entryVersion is { } version ? SessionChange.SetIfVersion(EntryName, bytes, EntryFormat.Bytes, version) : SessionChange.Set(EntryName, bytes),
            SessionChange.SetDeadline(ExpiryOf(ticket)),
        ];
        return new SessionCommit { OperationId = Guid.NewGuid(), Changes = changes };
    }

    public async Task<RetrievedTicket> CreateAsync(AuthenticationTicket ticket, SessionSignIn? signIn, CancellationToken cancellationToken)
    {
        var token = SessionToken.Create();
        SessionKey key = KeyOf(token);
        SessionCommit commit = CommitOf(key, ticket) with
        {
            Namespace = _namespace,
            NewSession = new SessionLifetime { IdleTimeout = SessionLifetime.Clamp(ExpiryOf(ticket) - time.GetUtcNow()) },
            Secret = token.SecretHash,
            SignIn = signIn,
        };
        CommitResult result = await client.CreateAsync(key, commit, cancellationToken);
        AppliedCommit.ThrowUnlessApplied(result);
        return Stored(token, ticket, result, privilegeChanges: 0);
    }

    public async Task EndAsync(RetrievedTicket ticket, CancellationToken cancellationToken)
    {
        if (!await client.DestroyAsync(ticket.Key, ticket.Incarnation, cancellationToken)
            && (await client.LoadAgainAsync(ticket.Key, touch: false, ticket.Incarnation, cancellationToken)).Snapshot is not null)
        {
            throw new SessionUnavailableException("The ticket could not be ended in time and is still valid. Try again.");
        }
    }

    /// <summary>The ticket that a commit has stored.</summary>
    public RetrievedTicket Stored(SessionToken token, AuthenticationTicket ticket, CommitResult result, long privilegeChanges) => new(
        token,
        KeyOf(token),
        result.Incarnation,
        result.Identity,
        privilegeChanges,
        result.Version,
        ticket,
        options.UserIdOf(ticket),
        ticket.Properties.IssuedUtc,
        IsSecretReplaced: false);

    private SessionKey KeyOf(SessionToken token) => SessionKey.For(_namespace, token);

    private DateTimeOffset ExpiryOf(AuthenticationTicket ticket) => ticket.Properties.ExpiresUtc ?? time.GetUtcNow() + DefaultLifetime;

    [LoggerMessage(
        330,
        LogLevel.Warning,
        "The ticket of session {Key} is refused: it is not protected with a Data Protection key of this application, or it was moved or changed in Redis.")]
    private static partial void LogUnreadable(ILogger logger, string key);
}
