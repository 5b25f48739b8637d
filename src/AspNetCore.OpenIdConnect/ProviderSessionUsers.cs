using Microsoft.Extensions.Options;
using OrleansSessions.Client;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.OpenIdConnect;

/// <summary>
/// Users who have signed in from a session at the provider, remembered in the cluster as long as their tickets live: a logout token need not name the user, and sessions are
/// listed by their users. Most sessions at a provider have one user, some several after each other.
/// </summary>
internal sealed class ProviderSessionUsers(SessionClient client, IOptions<OrleansSessionOptions> options, TimeProvider time)
{
    private const string NamespaceSuffix = ":sids";

    private readonly string _namespace = options.Value.Namespace + NamespaceSuffix;

    /// <summary>Returns the users of a session.</summary>
    /// <param name="tag">The session's tag.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<UserKey[]> FindAsync(string tag, CancellationToken cancellationToken) =>
        [.. (await client.LoadAsync(KeyOf(tag), touch: false, cancellationToken)).Snapshot?.Entries.Select(static entry => new UserKey(entry.Name)) ?? []];

    /// <summary>Remembers a user of a session until the ticket expires, and the others no shorter than before.</summary>
    /// <param name="tag">The session's tag.</param>
    /// <param name="user">The <see cref="UserKey.Value"/>.</param>
    /// <param name="expiresAt">When the ticket expires; null: not told.</param>
    public async Task AddAsync(string tag, string user, DateTimeOffset? expiresAt)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset until = expiresAt ?? now + StoredTickets.DefaultLifetime;
        if ((await client.LoadAsync(KeyOf(tag), touch: false, CancellationToken.None)).Snapshot is { } known && known.ExpiresAt > until)
        {
            until = known.ExpiresAt;
        }

        CommitResult result = await client.CommitAsync(
            KeyOf(tag),
            new SessionCommit
            {
                OperationId = Guid.NewGuid(),
                Changes = [SessionChange.Set(user, []), SessionChange.SetDeadline(until)],
                Namespace = _namespace,
                NewSession = new SessionLifetime { IdleTimeout = SessionLifetime.Clamp(until - now) },
            },
            CancellationToken.None);
        AppliedCommit.ThrowUnlessApplied(result);
    }

    private SessionKey KeyOf(string tag) => NamedKey.Of(_namespace, tag);
}
