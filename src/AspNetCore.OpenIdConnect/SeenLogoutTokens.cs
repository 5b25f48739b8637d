using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OrleansSessions.Client;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.OpenIdConnect;

/// <summary>Logout tokens that were carried out, remembered in the cluster until they expire, so that none is used twice on any frontend.</summary>
internal sealed class SeenLogoutTokens(SessionClient client, IOptions<OrleansSessionOptions> options, TimeProvider time)
{
    private const string NamespaceSuffix = ":logouts";

    private readonly string _namespace = options.Value.Namespace + NamespaceSuffix;

    public async Task<bool> ContainsAsync(LogoutToken token, CancellationToken cancellationToken) =>
        (await client.LoadAsync(KeyOf(token), touch: false, cancellationToken)).Snapshot is not null;

    /// <summary>Remembers a token, after it was carried out: one whose answer is lost may be sent again, and has to work then.</summary>
    public async Task AddAsync(LogoutToken token, CancellationToken cancellationToken)
    {
        TimeSpan validFor = token.ExpiresAt - time.GetUtcNow() + TokenValidationParameters.DefaultClockSkew;
        await client.CommitAsync(
            KeyOf(token),
            new SessionCommit
            {
                OperationId = Guid.NewGuid(),
                Changes = [],
                Namespace = _namespace,
                NewSession = new SessionLifetime { IdleTimeout = SessionLifetime.Clamp(validFor) },
            },
            cancellationToken);
    }

    private SessionKey KeyOf(LogoutToken token)
    {
        string hash = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{token.Issuer}\0{token.Id}")));
        return SessionToken.TryParse(hash, out SessionToken name) ? SessionKey.For(_namespace, name) : throw new InvalidOperationException("A hash is a token.");
    }
}
