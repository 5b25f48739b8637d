using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OrleansSessions.Contracts;

/// <summary>
/// The name of a session inside the cluster and in Redis: base64url(SHA-256(namespace, 0x00, id)), 43 characters. The id is the token's first part, or the whole
/// of a token that has no secret part. The key names a session and opens none: the token can't be computed from it, so it may stand in logs and storage keys.
/// </summary>
/// <param name="Value">The key's text.</param>
public readonly record struct SessionKey(string Value)
{
    /// <summary>Maximum length of a namespace, in UTF-8 bytes.</summary>
    public const int MaxNamespaceBytes = 128;

    private const int ShortLength = 8;

    /// <summary>The first eight characters: enough for a person to distinguish two sessions.</summary>
    public string Short => Value[..Math.Min(ShortLength, Value.Length)];

    /// <summary>Derives the key of a token's session in a namespace. Applications that share a cluster but not their sessions use different namespaces.</summary>
    /// <exception cref="ArgumentException">The namespace is longer than <see cref="MaxNamespaceBytes"/> or contains a zero character.</exception>
    public static SessionKey For(string sessionNamespace, SessionToken token)
    {
        ArgumentNullException.ThrowIfNull(sessionNamespace);
        if (sessionNamespace.Contains('\0') || Encoding.UTF8.GetByteCount(sessionNamespace) > MaxNamespaceBytes)
        {
            throw new ArgumentException($"A session namespace has at most {MaxNamespaceBytes} UTF-8 bytes and no zero character.", nameof(sessionNamespace));
        }

        Span<byte> input = stackalloc byte[MaxNamespaceBytes + 1 + SessionToken.MaxLength];
        int length = Encoding.UTF8.GetBytes(sessionNamespace, input);
        input[length++] = 0;
        length += Encoding.ASCII.GetBytes(token.Id, input[length..]);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input[..length], hash);
        return new SessionKey(Base64Url.EncodeToString(hash));
    }

    /// <inheritdoc />
    public override string ToString() => Value;
}
