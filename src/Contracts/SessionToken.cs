using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace OrleansSessions.Contracts;

/// <summary>
/// What a browser holds in its cookie. Ours are <c>id.secret</c>: the id names the session for its life, the secret proves the right to it and is replaced by every
/// rotation. Tokens of PHP and of the stock session middleware have no secret part: the whole is the id, and a secret. A token is a bearer credential, so it is
/// never stored, logged or traced: everything behind the frontend works with the <see cref="SessionKey"/> and the <see cref="Contracts.SecretHash"/> derived from it,
/// and <see cref="ToString"/> prints <c>[redacted]</c>.
/// </summary>
public readonly struct SessionToken : IEquatable<SessionToken>
{
    /// <summary>Minimum length of a token, in characters.</summary>
    public const int MinLength = 16;

    /// <summary>Maximum length of a token, in characters.</summary>
    public const int MaxLength = 256;

    private const char Separator = '.';
    private const int IdBytes = 16;
    private const int SecretBytes = 32;

    /// <summary>The id in base64url.</summary>
    private const int IdLength = 22;

    /// <summary>The secret in base64url.</summary>
    private const int SecretLength = 43;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789,-_");

    private readonly string? _value;

    private SessionToken(string value) => _value = value;

    /// <summary>The token's text, as in the cookie. Handle it like a password.</summary>
    /// <exception cref="InvalidOperationException">This is <c>default(SessionToken)</c>.</exception>
    public string Value => _value ?? throw new InvalidOperationException("The session token is empty: create it with SessionToken.Create or TryParse.");

    /// <summary>Whether the token has a secret part, so that a rotation replaces it in place.</summary>
    public bool HasSecret => Value.Contains(Separator);

    /// <summary>The hash of the secret part; none if the token has no such part.</summary>
    public SecretHash SecretHash => HasSecret ? SecretHash.Of(Value.AsSpan(IdLength + 1)) : default;

    /// <summary>The part that names the session: all of a token without a secret part.</summary>
    internal ReadOnlySpan<char> Id => HasSecret ? Value.AsSpan(0, IdLength) : Value;

    /// <summary>Makes a new token, <c>id.secret</c>: 16 and 32 bytes from the system's random generator, each base64url, 22 and 43 characters.</summary>
    public static SessionToken Create() => new($"{Random(IdBytes)}{Separator}{Random(SecretBytes)}");

    /// <summary>Makes a new token without a secret part, for namespaces that PHP shares: 32 random bytes, base64url, 43 characters.</summary>
    public static SessionToken CreateWithoutSecret() => new(Random(SecretBytes));

    /// <summary>The token of the same session after a rotation.</summary>
    /// <exception cref="InvalidOperationException">The token has no secret part.</exception>
    public SessionToken WithNewSecret() => HasSecret
        ? new SessionToken($"{Id}{Separator}{Random(SecretBytes)}")
        : throw new InvalidOperationException("The session token has no secret part: a rotation moves its session to the key of another token.");

    /// <summary>
    /// Accepts what <see cref="Create"/> makes, and 16 to 256 characters of <c>[A-Za-z0-9,_-]</c>: what PHP, the stock session middleware and earlier versions of
    /// this library make. Anything else is not a token.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SessionToken token)
    {
        bool isToken = text is not null && (text.Contains(Separator) ? IsIdAndSecret(text) : IsUndivided(text));
        token = isToken ? new SessionToken(text!) : default;
        return isToken;
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

    private static string Random(int count)
    {
        Span<byte> random = stackalloc byte[count];
        RandomNumberGenerator.Fill(random);
        return Base64Url.EncodeToString(random);
    }

    private static bool IsUndivided(ReadOnlySpan<char> text) => text.Length is >= MinLength and <= MaxLength && !text.ContainsAnyExcept(Allowed);

    private static bool IsIdAndSecret(ReadOnlySpan<char> text) =>
        text.Length == IdLength + 1 + SecretLength
        && text[IdLength] == Separator
        && IsBase64Url(text[..IdLength])
        && IsBase64Url(text[(IdLength + 1)..]);

    private static bool IsBase64Url(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Allowed) && !text.Contains(',');
}
