using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace OrleansSessions.Contracts;

/// <summary>
/// SHA-256 of a token's secret part: what frontends send and sessions hold. The secret can't be computed from it; all the same it is not logged, and
/// <see cref="ToString"/> prints <c>[redacted]</c>. The default value stands for no secret.
/// </summary>
[GenerateSerializer, Immutable, Alias("session.secret-hash")]
public readonly struct SecretHash : IEquatable<SecretHash>
{
    internal const int Bytes = SHA256.HashSizeInBytes;
    private const int HalfBytes = Bytes / 2;

    /// <summary>More characters than any secret has.</summary>
    private const int MaxSecretLength = 64;

    [Id(0)]
    private readonly UInt128 _first;

    [Id(1)]
    private readonly UInt128 _second;

    /// <summary>Takes the 32 bytes of a hash.</summary>
    internal SecretHash(ReadOnlySpan<byte> hash)
    {
        _first = BinaryPrimitives.ReadUInt128BigEndian(hash);
        _second = BinaryPrimitives.ReadUInt128BigEndian(hash[HalfBytes..]);
    }

    /// <summary>Whether there is no secret.</summary>
    public bool IsNone => (_first | _second) == UInt128.Zero;

    /// <summary>The first half, which is enough to recognise a secret that was valid before.</summary>
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

    /// <summary>Always <c>[redacted]</c>.</summary>
    public override string ToString() => "[redacted]";

    /// <summary>Whether two hashes are the same, compared in constant time.</summary>
    public static bool operator ==(SecretHash left, SecretHash right) => left.Equals(right);

    /// <summary>Whether two hashes are different, compared in constant time.</summary>
    public static bool operator !=(SecretHash left, SecretHash right) => !left.Equals(right);

    /// <summary>Hashes a secret, as it stands in the cookie.</summary>
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
