using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Encryption;

/// <summary>Encryption of stored states with the silo's key ring. Without an active key, states are stored as they are.</summary>
internal sealed class StateEncryption : IDisposable
{
    private readonly bool _allowsPlain;
    private readonly KeyFiles? _files;

    public StateEncryption(IOptions<SessionEncryptionOptions> options, TimeProvider time, ILogger<KeyFiles> logger)
    {
        _allowsPlain = options.Value.AllowPlain;
        _files = options.Value.KeyDirectory is { } directory ? new KeyFiles(directory, _allowsPlain, time, logger) : null;
    }

    private KeyRing Ring => _files?.Current ?? KeyRing.Empty;

    /// <summary>Returns the bytes to store: encrypted with the active key, or a copy if there is none.</summary>
    public byte[] Seal(GrainId owner, ReadOnlySpan<byte> plain)
    {
        if (Ring.Active is not { } key)
        {
            return plain.ToArray();
        }

        Span<byte> nonce = stackalloc byte[EncryptionKey.NonceBytes];
        RandomNumberGenerator.Fill(nonce);
        return SealedFormat.Seal(key, nonce, owner, plain);
    }

    /// <summary>Reads a state from stored bytes, which are decrypted if necessary.</summary>
    /// <param name="owner">The grain.</param>
    /// <param name="stored">The stored bytes.</param>
    /// <param name="read">Makes a state of the decrypted bytes, which are not valid after it has returned.</param>
    /// <inheritdoc cref="SealedFormat.Open"/>
    public TState Read<TState>(GrainId owner, ReadOnlySpan<byte> stored, StateReader<TState> read)
    {
        if (!IsSealed(stored))
        {
            return read(stored);
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(stored.Length);
        try
        {
            int length = SealedFormat.Open(Ring, owner, stored, buffer);
            return read(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Returns whether stored bytes are encrypted.</summary>
    /// <exception cref="SessionEncryptionException">They are not, and must be.</exception>
    private bool IsSealed(ReadOnlySpan<byte> stored) => SealedFormat.IsSealed(stored) || (_allowsPlain
        ? false
        : throw new SessionEncryptionException(
            $"The session is stored unencrypted, which {SessionEncryptionOptions.SectionName}:{nameof(SessionEncryptionOptions.AllowPlain)} forbids on this silo. "
            + "The session is kept as it is."));

    public void Dispose() => _files?.Dispose();
}
