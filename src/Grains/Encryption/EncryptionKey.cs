using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.ObjectPool;

namespace OrleansSessions.Grains.Encryption;

/// <summary>AES-256-GCM key of a ring. Thread-safe.</summary>
/// <remarks>An <see cref="AesGcm"/> has one native context, which concurrent calls would share, so each call takes one from a pool.</remarks>
internal sealed class EncryptionKey(string id, byte[] secret)
{
    public const int Bytes = 32;
    public const int NonceBytes = 12;
    public const int TagBytes = 16;

    private readonly ObjectPool<AesGcm> _ciphers = new DefaultObjectPoolProvider().Create(new Policy(secret));

    public string Id { get; } = id;

    /// <summary>The id in ASCII, as stored with each state.</summary>
    public ReadOnlyMemory<byte> IdBytes { get; } = Encoding.ASCII.GetBytes(id);

    public void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> encrypted, Span<byte> tag, ReadOnlySpan<byte> associated)
    {
        AesGcm cipher = _ciphers.Get();
        cipher.Encrypt(nonce, plain, encrypted, tag, associated);
        _ciphers.Return(cipher);
    }

    /// <exception cref="AuthenticationTagMismatchException">The bytes were not encrypted with this key, nonce and associated data.</exception>
    public void Decrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> encrypted, ReadOnlySpan<byte> tag, Span<byte> plain, ReadOnlySpan<byte> associated)
    {
        AesGcm cipher = _ciphers.Get();
        try
        {
            cipher.Decrypt(nonce, encrypted, tag, plain, associated);
        }
        finally
        {
            _ciphers.Return(cipher);
        }
    }

    public override string ToString() => $"{Id} [redacted]";

    private sealed class Policy(byte[] secret) : PooledObjectPolicy<AesGcm>
    {
        public override AesGcm Create() => new(secret, TagBytes);

        public override bool Return(AesGcm obj) => true;
    }
}
