using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace OrleansSessions.Contracts;

/// <summary>
/// The secret that a browser holds in its cookie. Who knows it owns the session, so it is never stored, logged or traced:
/// everything behind the frontend works with the <see cref="SessionKey"/> derived from it, and <see cref="ToString"/> prints <c>[redacted]</c>.
/// </summary>
public readonly struct SessionToken : IEquatable<SessionToken>
{
    /// <summary>Minimum length of a token, in characters.</summary>
    public const int MinLength = 16;

    /// <summary>Maximum length of a token, in characters.</summary>
    public const int MaxLength = 256;

    private const int RandomBytes = 32;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789,-_");

    private readonly string? _value;

    private SessionToken(string value) => _value = value;

    /// <summary>The token's text, as in the cookie. Handle it like a password.</summary>
    /// <exception cref="InvalidOperationException">This is <c>default(SessionToken)</c>.</exception>
    public string Value => _value ?? throw new InvalidOperationException("The session token is empty: create it with SessionToken.Create or TryParse.");

    /// <summary>Makes a new token: 32 bytes from the system's random generator, base64url, 43 characters.</summary>
    public static SessionToken Create()
    {
        Span<byte> random = stackalloc byte[RandomBytes];
        RandomNumberGenerator.Fill(random);
        return new SessionToken(Base64Url.EncodeToString(random));
    }

    /// <summary>
    /// Accepts 16 to 256 characters of <c>[A-Za-z0-9,_-]</c>: what this library, PHP and the stock session middleware make. Anything else
    /// is not a token.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SessionToken token)
    {
        if (text is null || text.Length is < MinLength or > MaxLength || text.AsSpan().ContainsAnyExcept(Allowed))
        {
            token = default;
            return false;
        }

        token = new SessionToken(text);
        return true;
    }

    /// <inheritdoc />
    public bool Equals(SessionToken other) => string.Equals(_value, other._value, StringComparison.Ordinal);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is SessionToken other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => _value?.GetHashCode(StringComparison.Ordinal) ?? 0;

    /// <summary>Returns <c>[redacted]</c>.</summary>
    public override string ToString() => "[redacted]";

    /// <summary>Whether two tokens have the same text.</summary>
    public static bool operator ==(SessionToken left, SessionToken right) => left.Equals(right);

    /// <summary>Whether two tokens have different texts.</summary>
    public static bool operator !=(SessionToken left, SessionToken right) => !left.Equals(right);
}
