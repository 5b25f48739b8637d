using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace OrleansSessions.Contracts;

/// <summary>
/// The name of a user inside the cluster and in Redis: base64url(HMAC-SHA256(secret, namespace 0x00 user id)), 43 characters. Without the secret, which only frontends
/// have, it can't be traced back to the user, not even by trying all user ids. So it may appear in logs and storage keys; the user id never does.
/// </summary>
/// <param name="Value">The key's text.</param>
public readonly record struct UserKey(string Value)
{
    /// <summary>Minimum length of the secret, in bytes.</summary>
    public const int MinSecretBytes = 32;

    private const int Length = 43;

    /// <summary>Derives the key of a user in a namespace.</summary>
    /// <param name="secret">The secret, at least <see cref="MinSecretBytes"/>, the same on all frontends.</param>
    /// <param name="sessionNamespace">The namespace of the sessions.</param>
    /// <param name="userId">The application's id of the user.</param>
    /// <exception cref="ArgumentException">The secret is too short, the user id is empty, or the namespace contains a zero character.</exception>
    public static UserKey For(ReadOnlySpan<byte> secret, string sessionNamespace, string userId)
    {
        ArgumentNullException.ThrowIfNull(sessionNamespace);
        ArgumentException.ThrowIfNullOrEmpty(userId);
        if (secret.Length < MinSecretBytes || sessionNamespace.Contains('\0'))
        {
            throw new ArgumentException($"A user key needs a secret of at least {MinSecretBytes} bytes and a namespace without a zero character.", nameof(secret));
        }

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{sessionNamespace}\0{userId}"), hash);
        return new UserKey(Base64Url.EncodeToString(hash));
    }

    /// <summary>Reads a secret from base64.</summary>
    /// <returns>False if the text is not base64, or of fewer than <see cref="MinSecretBytes"/>.</returns>
    internal static bool TryParseSecret(string text, [NotNullWhen(true)] out byte[]? secret)
    {
        byte[] bytes = new byte[text.Length];
        secret = Convert.TryFromBase64String(text, bytes, out int length) && length >= MinSecretBytes ? bytes[..length] : null;
        return secret is not null;
    }

    /// <inheritdoc />
    public override string ToString() => Value;

    /// <summary>Whether a text has the form of a key.</summary>
    internal static bool IsValid(string? text)
    {
        // Of the texts that stand for the same bytes, only one is a key.
        Span<byte> bytes = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return text is { Length: Length }
            && Base64Url.IsValid(text)
            && Base64Url.TryDecodeFromChars(text, bytes, out int length)
            && Base64Url.EncodeToString(bytes[..length]) == text;
    }
}
