using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using OrleansSessions.Resp.Configuration;

namespace OrleansSessions.Resp.Authentication;

/// <summary>Users of the endpoint with their password hashes, compared in constant time.</summary>
internal sealed class Credentials
{
    /// <summary>The user of connections that gave only a password, or needed none.</summary>
    public const string DefaultUser = "default";

    private static readonly byte[] UnknownUsersHash = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);

    private readonly Dictionary<string, byte[]> _hashes = new(StringComparer.Ordinal);

    public Credentials(IOptions<RespOptions> options)
    {
        foreach ((string user, string password) in options.Value.Users)
        {
            _hashes[user] = SHA256.HashData(Encoding.UTF8.GetBytes(password));
        }

        if (options.Value.Password is { Length: > 0 } defaultPassword)
        {
            _hashes[DefaultUser] = SHA256.HashData(Encoding.UTF8.GetBytes(defaultPassword));
        }
    }

    /// <summary>Whether clients must authenticate.</summary>
    public bool AreRequired => _hashes.Count > 0;

    /// <summary>The user of a new connection; null: it must authenticate first.</summary>
    public string? InitialUser => AreRequired ? null : DefaultUser;

    /// <summary>Verifies a user's password. If no users are configured, <c>default</c> accepts any password, as in Redis.</summary>
    public bool Verify(string user, ReadOnlySpan<byte> password)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(password, hash);
        bool known = _hashes.TryGetValue(user, out byte[]? expected);
        bool matches = CryptographicOperations.FixedTimeEquals(hash, expected ?? UnknownUsersHash);
        return (known && matches) || (!AreRequired && user == DefaultUser);
    }
}
