using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace OrleansSessions.Contracts;

/// <summary>
/// SHA-256 hash of a token's secret part, as sent by frontends and held by sessions. The secret can't be computed from it; still it is not logged, and
/// <see cref="ToString"/> prints <c>[redacted]</c>. The default value means no secret.
/// </summary>
[GenerateSerializer, Immutable, Alias("session.secret-hash")]
public readonly struct SecretHash : IEquatable<SecretHash>
{
    internal const int Bytes = SHA256.HashSizeInBytes;
    private const int HalfBytes = Bytes / 2;

    /// <summary>Longer than any secret.</summary>
    private const int MaxSecretLength = 64;

    [Id(0)]
    private readonly UInt128 _first;

    [Id(1)]
    private readonly UInt128 _second;

    /// <summary>Creates a hash from its 32 bytes.</summary>
    internal SecretHash(ReadOnlySpan<byte> hash)
    {
        _first = BinaryPrimitives.ReadUInt128BigEndian(hash);
        _second = BinaryPrimitives.ReadUInt128BigEndian(hash[HalfBytes..]);
    }

    /// <summary>Whether there is no secret.</summary>
    public bool IsNone => (_first | _second) == UInt128.Zero;

    /// <summary>The first half, which suffices to recognise a retired secret.</summary>
    internal UInt128 FirstHalf => _first;

    /// <summary>Compares in constant time.</summary>
    public bool Equals(SecretHash other)
    {
        Span<byte> own = stackalloc byte[Bytes];
        Span<byte> others = stackalloc byte[Bytes];
        WriteTo(own);
        other.WriteTo(others);
        return CryptographicOperations.FixedTimeEquals(own, others);
    }

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is SecretHash other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => _first.GetHashCode();

    /// <summary>Returns <c>[redacted]</c>.</summary>
    public override string ToString() => "[redacted]";

    /// <summary>Whether two hashes are equal, compared in constant time.</summary>
    public static bool operator ==(SecretHash left, SecretHash right) => left.Equals(right);

    /// <summary>Whether two hashes differ, compared in constant time.</summary>
    public static bool operator !=(SecretHash left, SecretHash right) => !left.Equals(right);

    /// <summary>Hashes a secret, in its form in the cookie.</summary>
    internal static SecretHash Of(ReadOnlySpan<char> secret)
    {
        Span<byte> text = stackalloc byte[MaxSecretLength];
        int length = Encoding.ASCII.GetBytes(secret, text);
        Span<byte> hash = stackalloc byte[Bytes];
        SHA256.HashData(text[..length], hash);
        return new SecretHash(hash);
    }

    internal void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, _first);
        BinaryPrimitives.WriteUInt128BigEndian(destination[HalfBytes..], _second);
    }
}
