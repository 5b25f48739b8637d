using System.Security.Cryptography;
using System.Text;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Encryption;

/// <summary>
/// Byte format of an encrypted state: <c>'E', schema, length of the key's id, the id, nonce, tag, encrypted bytes</c>. The authenticated data is what precedes the nonce,
/// and the grain's id as <c>type/key</c>, so a state can't be decrypted as another grain's. Pure.
/// </summary>
internal static class SealedFormat
{
    /// <summary>The schema written by this code. A reader refuses a higher one.</summary>
    public const byte Schema = 1;

    private const byte Magic = (byte)'E';
    private const int FixedBytes = 3;
    private const int StackBytes = 256;

    public static bool IsSealed(ReadOnlySpan<byte> stored) => stored is [Magic, ..];

    /// <summary>Encrypts a state. A nonce must never be used twice with a key.</summary>
    public static byte[] Seal(EncryptionKey key, ReadOnlySpan<byte> nonce, GrainId owner, ReadOnlySpan<byte> plain)
    {
        int head = FixedBytes + key.IdBytes.Length;
        byte[] stored = GC.AllocateUninitializedArray<byte>(head + EncryptionKey.NonceBytes + EncryptionKey.TagBytes + plain.Length);
        (stored[0], stored[1], stored[2]) = (Magic, Schema, (byte)key.IdBytes.Length);
        key.IdBytes.Span.CopyTo(stored.AsSpan(FixedBytes));
        nonce.CopyTo(stored.AsSpan(head));
        Span<byte> tag = stored.AsSpan(head + EncryptionKey.NonceBytes, EncryptionKey.TagBytes);
        Span<byte> encrypted = stored.AsSpan(head + EncryptionKey.NonceBytes + EncryptionKey.TagBytes);

        int associatedBytes = AssociatedBytes(head, owner);
        Span<byte> associated = associatedBytes <= StackBytes ? stackalloc byte[associatedBytes] : new byte[associatedBytes];
        WriteAssociated(associated, stored.AsSpan(0, head), owner);
        key.Encrypt(nonce, plain, encrypted, tag, associated);
        return stored;
    }

    /// <summary>Decrypts a state into a buffer that is at least as long as the stored bytes.</summary>
    /// <returns>The length of the plain state.</returns>
    /// <exception cref="SessionEncryptionException">The ring lacks the key.</exception>
    /// <exception cref="InvalidDataException">The bytes are damaged, forged, or another grain's.</exception>
    /// <exception cref="NotSupportedException">The bytes are of a newer version.</exception>
    public static int Open(KeyRing ring, GrainId owner, ReadOnlySpan<byte> stored, Span<byte> plain)
    {
        if (stored.Length > 1 && stored[1] > Schema)
        {
            throw new NotSupportedException(
                $"The session was stored by a newer version (encryption schema {stored[1]}; this silo knows {Schema}). Finish upgrading all silos.");
        }

        int head = FixedBytes + (stored.Length > 2 ? stored[2] : 0);
        int length = stored.Length - head - EncryptionKey.NonceBytes - EncryptionKey.TagBytes;
        if (length < 0 || stored[1] < Schema)
        {
            throw new InvalidDataException("The stored bytes are not a session, or are damaged. Restore the session from a backup, or delete its key, which loses the session.");
        }

        ReadOnlySpan<byte> id = stored[FixedBytes..head];
        EncryptionKey key = ring.Find(id) ?? throw Missing(id);

        int associatedBytes = AssociatedBytes(head, owner);
        Span<byte> associated = associatedBytes <= StackBytes ? stackalloc byte[associatedBytes] : new byte[associatedBytes];
        WriteAssociated(associated, stored[..head], owner);
        try
        {
            key.Decrypt(
                stored.Slice(head, EncryptionKey.NonceBytes),
                stored[^length..],
                stored.Slice(head + EncryptionKey.NonceBytes, EncryptionKey.TagBytes),
                plain[..length],
                associated);
        }
        catch (AuthenticationTagMismatchException exception)
        {
            throw new InvalidDataException(
                $"The stored session can't be decrypted with the key '{key.Id}': its bytes were changed or are another session's, or the file '{key.Id}' holds another key "
                + "than the one that encrypted it. Restore what was changed, or delete the session's key in Redis, which loses the session.",
                exception);
        }

        return length;
    }

    private static int AssociatedBytes(int head, GrainId owner) => head + owner.Type.AsSpan().Length + 1 + owner.Key.AsSpan().Length;

    private static void WriteAssociated(Span<byte> associated, ReadOnlySpan<byte> head, GrainId owner)
    {
        head.CopyTo(associated);
        ReadOnlySpan<byte> type = owner.Type.AsSpan();
        type.CopyTo(associated[head.Length..]);
        associated[head.Length + type.Length] = (byte)'/';
        owner.Key.AsSpan().CopyTo(associated[(head.Length + type.Length + 1)..]);
    }

    private static SessionEncryptionException Missing(ReadOnlySpan<byte> id)
    {
        string text = Encoding.Latin1.GetString(id);
        return new SessionEncryptionException(
            $"The session is encrypted with the key '{text}', which this silo doesn't have. Add the file '{text}' to "
            + $"{SessionEncryptionOptions.SectionName}:{nameof(SessionEncryptionOptions.KeyDirectory)}. The session is kept as it is.");
    }
}
