using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OrleansSessions.Client;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.OpenIdConnect;

/// <summary>
/// Logout tokens that were carried out, remembered in the cluster until they expire, so that none is used twice on any frontend; and the sessions at the provider that they
/// ended, so that a sign-in of such a session that was under way, and not in the user's list yet, ends too.
/// </summary>
internal sealed class SeenLogoutTokens(SessionClient client, IOptions<OrleansSessionOptions> options, TimeProvider time)
{
    private const string NamespaceSuffix = ":logouts";

    /// <summary>The longest time between a sign-in at the provider and here: that for which an authorization code should be valid at most (RFC 6749, section 4.1.2).</summary>
    private static readonly TimeSpan SignInTime = TimeSpan.FromMinutes(10);

    private readonly string _namespace = options.Value.Namespace + NamespaceSuffix;

    public Task<bool> ContainsAsync(LogoutToken token, CancellationToken cancellationToken) => ExistsAsync(KeyOf(token), cancellationToken);

    /// <summary>Remembers a token, after it was carried out: one whose answer is lost may be sent again, and has to work then.</summary>
    public Task AddAsync(LogoutToken token, CancellationToken cancellationToken) =>
        StoreAsync(KeyOf(token), token.ExpiresAt - time.GetUtcNow() + TokenValidationParameters.DefaultClockSkew, cancellationToken);

    /// <summary>Returns whether the provider has ended a session of its own a short while ago.</summary>
    /// <param name="tag">The session's tag.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<bool> HasEndedAsync(string tag, CancellationToken cancellationToken) => ExistsAsync(KeyOf(tag), cancellationToken);

    /// <summary>Remembers for a short while that the provider has ended a session of its own.</summary>
    public Task AddEndedAsync(string tag, CancellationToken cancellationToken) => StoreAsync(KeyOf(tag), SignInTime, cancellationToken);

    private async Task<bool> ExistsAsync(SessionKey key, CancellationToken cancellationToken) =>
        (await client.LoadAsync(key, touch: false, cancellationToken)).Snapshot is not null;

    private async Task StoreAsync(SessionKey key, TimeSpan validFor, CancellationToken cancellationToken) =>
        await client.CommitAsync(
            key,
            new SessionCommit
            {
                OperationId = Guid.NewGuid(),
                Changes = [],
                Namespace = _namespace,
                NewSession = new SessionLifetime { IdleTimeout = SessionLifetime.Clamp(validFor) },
            },
            cancellationToken);

    private SessionKey KeyOf(LogoutToken token) => KeyOf($"{token.Issuer}\0{token.Id}");

    private SessionKey KeyOf(string name) => NamedKey.Of(_namespace, name);
}
