using System.Runtime.InteropServices;
using System.Text;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Storage;

/// <summary>
/// Byte format of a user's list of sessions in Redis: <c>'U', schema</c>, the number of the latest registration, the number of sessions, and for each parts (one bit
/// each), the 32 bytes of its key, the sign-in's id, two numbers, and the present parts. Pure.
/// </summary>
internal static class UserSessionsFormat
{
    /// <summary>The schema written by this code. A reader refuses a higher one.</summary>
    public const byte Schema = 1;

    private const byte Magic = (byte)'U';
    private const int FixedBytes = 2 + (2 * PackedSize.Number);
    private const int SessionBytes = 2 + 32 + 32 + 32 + 16 + (3 * PackedSize.Number);

    [Flags]
    private enum Parts : byte
    {
        None = 0,
        MovedFrom = 1,
        Tags = 2,
        Ending = 4,
        EndingActor = 8,
        Beside = 16,
        All = 31,
    }

    public static byte[] Write(UserSessionsState state)
    {
        byte[] buffer = new byte[FixedBytes + state.Sessions.Sum(static session => SessionBytes + session.Tags.Sum(PackedSize.Text) + PackedSize.Text(session.EndingActor ?? ""))];
        var writer = new PackedWriter(buffer);
        writer.WriteByte(Magic);
        writer.WriteByte(Schema);
        writer.WriteNumber(state.LastNumber);
        writer.WriteNumber(state.Sessions.Length);
        foreach (RegisteredSession session in state.Sessions)
        {
            Write(ref writer, session);
        }

        return buffer[..writer.Length];
    }

    /// <exception cref="InvalidDataException">The bytes are not a user's list.</exception>
    /// <exception cref="NotSupportedException">The bytes are of a newer version.</exception>
    public static UserSessionsState Read(ReadOnlySpan<byte> stored)
    {
        var reader = new PackedReader(stored);
        if (reader.ReadByte() != Magic)
        {
            throw Damaged();
        }

        byte schema = reader.ReadByte();
        if (schema > Schema)
        {
            throw Newer("schema", schema, Schema);
        }

        long lastNumber = reader.ReadNumber();

        // Each takes more than one byte, so the allocation is proportional to the input.
        var sessions = new RegisteredSession[reader.ReadCount()];
        for (int i = 0; i < sessions.Length; i++)
        {
            sessions[i] = ReadSession(ref reader);
        }

        return reader.IsAtEnd && schema > 0
            ? new UserSessionsState { LastNumber = lastNumber, Sessions = ImmutableCollectionsMarshal.AsImmutableArray(sessions) }
            : throw Damaged();
    }

    private static void Write(ref PackedWriter writer, RegisteredSession session)
    {
        writer.WriteByte((byte)(
            (session.MovedFrom is null ? 0 : Parts.MovedFrom)
            | (session.Tags.IsEmpty ? 0 : Parts.Tags)
            | (session.Ending is null ? 0 : Parts.Ending)
            | (session.EndingActor is null ? 0 : Parts.EndingActor)
            | (session.Beside is null ? 0 : Parts.Beside)));
        SignedInFormat.WriteKey(ref writer, session.SessionKey);
        writer.WriteGuid(session.SignInId);
        writer.WriteNumber(session.Number);
        writer.WriteNumber(session.SignedInAtMs);
        if (session.MovedFrom is { } movedFrom)
        {
            SignedInFormat.WriteKey(ref writer, movedFrom);
        }

        if (!session.Tags.IsEmpty)
        {
            SignedInFormat.WriteTags(ref writer, session.Tags);
        }

        if (session.Ending is { } reason)
        {
            writer.WriteByte((byte)reason);
        }

        if (session.EndingActor is { } actor)
        {
            writer.WriteText(actor);
        }

        if (session.Beside is { } beside)
        {
            SignedInFormat.WriteKey(ref writer, beside);
        }
    }

    private static RegisteredSession ReadSession(ref PackedReader reader)
    {
        var parts = (Parts)reader.ReadByte();
        if (parts > Parts.All)
        {
            throw Newer("parts", (byte)parts, (byte)Parts.All);
        }

        // Initializer members are evaluated in the order written here, which is the order of the bytes.
        return new RegisteredSession
        {
            SessionKey = SignedInFormat.ReadKey(ref reader),
            SignInId = reader.ReadGuid(),
            Number = reader.ReadNumber(),
            SignedInAtMs = reader.ReadNumber(),
            MovedFrom = parts.HasFlag(Parts.MovedFrom) ? SignedInFormat.ReadKey(ref reader) : null,
            Tags = parts.HasFlag(Parts.Tags) ? SignedInFormat.ReadTags(ref reader) : [],
            Ending = parts.HasFlag(Parts.Ending) ? (EndReason)reader.ReadByte() : null,
            EndingActor = parts.HasFlag(Parts.EndingActor) ? Encoding.UTF8.GetString(reader.ReadBlock()) : null,
            Beside = parts.HasFlag(Parts.Beside) ? SignedInFormat.ReadKey(ref reader) : null,
        };
    }

    private static NotSupportedException Newer(string what, byte stored, byte known) =>
        new($"The list of a user's sessions was stored by a newer version ({what} {stored}; this silo knows {known}). Finish upgrading all silos.");

    private static InvalidDataException Damaged() =>
        new("The stored bytes are not the list of a user's sessions, or are damaged. Restore them from a backup, or delete the key: the sessions stay, but are not listed.");
}
