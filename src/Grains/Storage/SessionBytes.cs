using System.Buffers;
using OrleansSessions.Grains.Encryption;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Storage;

/// <summary>The bytes of a session in Redis: <see cref="SessionStateFormat"/>, encrypted if the silo has an active key.</summary>
internal sealed class SessionBytes(StateEncryption encryption)
{
    public byte[] Write(GrainId session, SessionState state)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(SessionStateFormat.MostBytes(state));
        int length = SessionStateFormat.Write(state, buffer);
        byte[] stored = encryption.Seal(session, buffer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(buffer);
        return stored;
    }

    /// <exception cref="Contracts.SessionEncryptionException">The silo's key ring does not allow the session to be read.</exception>
    /// <exception cref="InvalidDataException">The bytes are not this session's.</exception>
    /// <exception cref="NotSupportedException">The bytes are of a newer version.</exception>
    public SessionState Read(GrainId session, ReadOnlySpan<byte> stored)
    {
        if (!encryption.IsSealed(stored))
        {
            return SessionStateFormat.Read(stored);
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(stored.Length);
        try
        {
            int length = encryption.Open(session, stored, buffer);
            return SessionStateFormat.Read(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
