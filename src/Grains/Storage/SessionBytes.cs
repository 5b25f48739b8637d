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
    public SessionState Read(GrainId session, ReadOnlyMemory<byte> stored) => encryption.Read(session, stored.Span, SessionStateFormat.Read);
}
