using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Storage;

/// <summary>
/// Byte format of a session in Redis: <c>'S', schema, status, shape, parts (one bit each, in one or two bytes)</c>, the incarnation, seven numbers, the present parts, the
/// operations, and the packed entries to the end. A new member gets its own bit or a new schema; silos that don't know it refuse the session as stored by a newer version. Pure.
/// </summary>
internal static class SessionStateFormat
{
    /// <summary>The schema written by this code. A reader refuses a higher one.</summary>
    public const byte Schema = 3;

    /// <summary>The oldest readable schema: it holds an operation's time where later ones hold its deadline.</summary>
    private const byte OldestSchema = 2;

    private const byte Magic = (byte)'S';
    private const int GuidBytes = 16;
    private const int LongestNumber = 10;
    private const int FixedBytes = 6 + GuidBytes + (8 * LongestNumber);
    private const int EndingBytes = 3 + GuidBytes + (2 * LongestNumber);
    private const int LockBytes = GuidBytes + (2 * LongestNumber);

    [Flags]
    private enum Parts : byte
    {
        None = 0,
        CreationAnnounced = 1,
        Provisional = 2,
        MovedFrom = 4,
        Namespace = 8,
        Ending = 16,
        Lock = 32,
        Secret = 64,

        /// <summary>A byte of <see cref="MoreParts"/> follows.</summary>
        More = 128,
    }

    [Flags]
    private enum MoreParts : byte
    {
        None = 0,
        SignedIn = 1,
        SupersededSecrets = 2,
        All = 3,
    }

    [Flags]
    private enum EndingParts : byte
    {
        None = 0,
        MovedTo = 1,
        HandoverPending = 2,
        OperationId = 4,
        Actor = 8,
        All = 15,
    }

    public static byte[] Write(SessionState state)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MostBytes(state));
        byte[] stored = buffer[..Write(state, buffer)];
        ArrayPool<byte>.Shared.Return(buffer);
        return stored;
    }

    /// <summary>Writes a state into a buffer of at least <see cref="MostBytes"/>.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int Write(SessionState state, Span<byte> destination)
    {
        var writer = new PackedWriter(destination);
        writer.WriteByte(Magic);
        writer.WriteByte(Schema);
        writer.WriteByte((byte)state.Status);
        writer.WriteByte((byte)state.Shape);
        writer.WriteByte((byte)PartsOf(state));
        MoreParts more = MorePartsOf(state);
        if (more != MoreParts.None)
        {
            writer.WriteByte((byte)more);
        }

        writer.WriteGuid(state.Incarnation);
        writer.WriteNumber(state.Version);
        writer.WriteNumber(state.CreatedAtMs);
        writer.WriteNumber(state.LastUsedAtMs);
        writer.WriteNumber(state.IdleTimeoutMs);
        writer.WriteNumber(state.AbsoluteLifetimeMs);
        writer.WriteNumber(state.OperationsForgottenThroughMs);
        writer.WriteNumber(state.IndexedDeadlineMs);
        if (state.MovedFrom is { } movedFrom)
        {
            writer.WriteText(movedFrom);
        }

        if (state.Namespace is { } sessionNamespace)
        {
            writer.WriteText(sessionNamespace);
        }

        if (state.Ending is { } ending)
        {
            Write(ref writer, ending);
        }

        if (state.Lock is { } held)
        {
            writer.WriteBlock(held.Owner);
            writer.WriteNumber(held.ExpiresAt.UtcTicks);
            writer.WriteGuid(held.OperationId);
        }

        if (!state.Secret.IsNone)
        {
            SecretFormat.Write(ref writer, state.Secret, state.Retired);
        }

        if (state.SignedIn is { } signedIn)
        {
            SignedInFormat.Write(ref writer, signedIn);
        }

        if (more.HasFlag(MoreParts.SupersededSecrets))
        {
            SecretFormat.WriteSuperseded(ref writer, state.Retired!);
        }

        writer.WriteNumber(state.Operations.Length);
        foreach (AppliedOperation operation in state.Operations)
        {
            Write(ref writer, operation);
        }

        writer.WriteBlock(state.Packed);
        return writer.Length;
    }

    /// <exception cref="InvalidDataException">The bytes are not a session.</exception>
    /// <exception cref="NotSupportedException">The bytes are of a newer version.</exception>
    public static SessionState Read(ReadOnlySpan<byte> stored)
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

        if (schema < OldestSchema)
        {
            throw Damaged();
        }

        var status = (SessionStatus)reader.ReadByte();
        var shape = (SessionShape)reader.ReadByte();
        var parts = (Parts)reader.ReadByte();
        if (status > SessionStatus.Tombstone)
        {
            throw Newer("status", (byte)status, (byte)SessionStatus.Tombstone);
        }

        MoreParts more = parts.HasFlag(Parts.More) ? (MoreParts)reader.ReadByte() : MoreParts.None;
        if (more > MoreParts.All)
        {
            throw Newer("further parts", (byte)more, (byte)MoreParts.All);
        }

        RetiredSecrets? retired = null;

        // Initializer members are evaluated in the order written here, which is the order of the bytes.
        var state = new SessionState
        {
            Status = status,
            Shape = shape,
            CreationAnnounced = parts.HasFlag(Parts.CreationAnnounced),
            Provisional = parts.HasFlag(Parts.Provisional),
            Incarnation = reader.ReadGuid(),
            Version = reader.ReadNumber(),
            CreatedAtMs = reader.ReadNumber(),
            LastUsedAtMs = reader.ReadNumber(),
            IdleTimeoutMs = reader.ReadNumber(),
            AbsoluteLifetimeMs = reader.ReadNumber(),
            OperationsForgottenThroughMs = ReadDeadline(ref reader, schema),
            IndexedDeadlineMs = reader.ReadNumber(),
            MovedFrom = parts.HasFlag(Parts.MovedFrom) ? Encoding.UTF8.GetString(reader.ReadBlock()) : null,
            Namespace = parts.HasFlag(Parts.Namespace) ? RecurringText.Get(reader.ReadBlock()) : null,
            Ending = parts.HasFlag(Parts.Ending) ? ReadEnding(ref reader) : null,
            Lock = parts.HasFlag(Parts.Lock) ? ReadLock(ref reader) : null,
            Secret = parts.HasFlag(Parts.Secret) ? SecretFormat.Read(ref reader, out retired) : default,
            SignedIn = more.HasFlag(MoreParts.SignedIn) ? SignedInFormat.Read(ref reader) : null,
            Retired = more.HasFlag(MoreParts.SupersededSecrets) ? SecretFormat.ReadSuperseded(ref reader, retired) : retired,
            Operations = ReadOperations(ref reader, schema),
            Packed = ReadEntries(ref reader),
        };
        bool isWhole = reader.IsAtEnd && (status is SessionStatus.None or SessionStatus.Active) == (state.Ending is null);
        return isWhole ? state : throw Damaged();
    }

    private static Parts PartsOf(SessionState state) =>
        (state.CreationAnnounced ? Parts.CreationAnnounced : 0)
        | (state.Provisional ? Parts.Provisional : 0)
        | (state.MovedFrom is null ? 0 : Parts.MovedFrom)
        | (state.Namespace is null ? 0 : Parts.Namespace)
        | (state.Ending is null ? 0 : Parts.Ending)
        | (state.Lock is null ? 0 : Parts.Lock)
        | (state.Secret.IsNone ? 0 : Parts.Secret)
        | (MorePartsOf(state) == MoreParts.None ? 0 : Parts.More);

    private static MoreParts MorePartsOf(SessionState state) =>
        (state.SignedIn is null ? 0 : MoreParts.SignedIn)
        | (state.Retired is { HasSuperseded: true } ? MoreParts.SupersededSecrets : 0);

    private static void Write(ref PackedWriter writer, SessionEnding ending)
    {
        writer.WriteByte((byte)ending.Reason);
        writer.WriteByte((byte)(
            (ending.MovedTo is null ? 0 : EndingParts.MovedTo)
            | (ending.HandoverPending ? EndingParts.HandoverPending : 0)
            | (ending.OperationId is null ? 0 : EndingParts.OperationId)
            | (ending.Actor is null ? 0 : EndingParts.Actor)));
        writer.WriteNumber(ending.RemoveAtMs);
        if (ending.MovedTo is { } movedTo)
        {
            writer.WriteText(movedTo);
        }

        if (ending.OperationId is { } operationId)
        {
            writer.WriteGuid(operationId);
        }

        if (ending.Actor is { } actor)
        {
            writer.WriteText(actor);
        }
    }

    private static SessionEnding ReadEnding(ref PackedReader reader)
    {
        var reason = (EndReason)reader.ReadByte();
        var parts = (EndingParts)reader.ReadByte();
        return parts > EndingParts.All
            ? throw Newer("parts of an ending", (byte)parts, (byte)EndingParts.All)
            : new SessionEnding
            {
                Reason = reason,
                HandoverPending = parts.HasFlag(EndingParts.HandoverPending),
                RemoveAtMs = reader.ReadNumber(),
                MovedTo = parts.HasFlag(EndingParts.MovedTo) ? Encoding.UTF8.GetString(reader.ReadBlock()) : null,
                OperationId = parts.HasFlag(EndingParts.OperationId) ? reader.ReadGuid() : null,
                Actor = parts.HasFlag(EndingParts.Actor) ? Encoding.UTF8.GetString(reader.ReadBlock()) : null,
            };
    }

    private static SessionLock ReadLock(ref PackedReader reader)
    {
        byte[] owner = reader.ReadBlock().ToArray();
        long ticks = reader.ReadNumber();
        return ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks
            ? throw Damaged()
            : new SessionLock { Owner = owner, ExpiresAt = new DateTimeOffset(ticks, TimeSpan.Zero), OperationId = reader.ReadGuid() };
    }

    /// <summary>Writes id, deadline, version, and the sums preceded by their number plus one, or 0 if there are none.</summary>
    private static void Write(ref PackedWriter writer, in AppliedOperation operation)
    {
        writer.WriteGuid(operation.Id);
        writer.WriteNumber(operation.UntilMs);
        writer.WriteNumber(operation.Version);
        writer.WriteNumber(operation.Numbers is null ? 0 : operation.Numbers.Length + 1);
        foreach (long number in operation.Numbers ?? [])
        {
            writer.WriteNumber(number);
        }
    }

    private static long ReadDeadline(ref PackedReader reader, byte schema)
    {
        long number = reader.ReadNumber();
        return schema == OldestSchema && number > 0 ? number + OperationLog.DefaultLifeMs : number;
    }

    private static ImmutableArray<AppliedOperation> ReadOperations(ref PackedReader reader, byte schema)
    {
        // Each takes more than one byte, so the allocation is proportional to the input.
        var operations = new AppliedOperation[reader.ReadCount()];
        for (int i = 0; i < operations.Length; i++)
        {
            operations[i] = new AppliedOperation
            {
                Id = reader.ReadGuid(),
                UntilMs = ReadDeadline(ref reader, schema),
                Version = reader.ReadNumber(),
                Numbers = ReadNumbers(ref reader),
            };
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(operations);
    }

    private static long[]? ReadNumbers(ref PackedReader reader)
    {
        int count = reader.ReadCount() - 1;
        if (count < 0)
        {
            return null;
        }

        long[] numbers = new long[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = reader.ReadNumber();
        }

        return numbers;
    }

    private static byte[] ReadEntries(ref PackedReader reader)
    {
        byte[] packed = reader.ReadBlock().ToArray();
        EntryPacking.Measure(packed);
        return packed;
    }

    /// <summary>Returns an upper bound of a state's size in bytes.</summary>
    public static int MostBytes(SessionState state)
    {
        int bytes = FixedBytes + TextBytes(state.MovedFrom) + TextBytes(state.Namespace) + LongestNumber + state.Packed.Length;
        if (state.Ending is { } ending)
        {
            bytes += EndingBytes + TextBytes(ending.MovedTo) + TextBytes(ending.Actor);
        }

        if (state.Lock is { } held)
        {
            bytes += LockBytes + held.Owner.Length;
        }

        if (!state.Secret.IsNone)
        {
            bytes += SecretFormat.MostBytes(state.Retired);
        }

        if (state.SignedIn is { } signedIn)
        {
            bytes += SignedInFormat.MostBytes(signedIn);
        }

        foreach (AppliedOperation operation in state.Operations)
        {
            bytes += GuidBytes + ((3 + (operation.Numbers?.Length ?? 0)) * LongestNumber);
        }

        return bytes;
    }

    private static int TextBytes(string? text) => text is null ? 0 : LongestNumber + Encoding.UTF8.GetByteCount(text);

    /// <summary>Error for a value that no version up to this one writes. The session is intact, and silos that know the value can read it.</summary>
    internal static NotSupportedException Newer(string what, byte stored, byte known) =>
        new($"The session was stored by a newer version ({what} {stored}; this silo knows {known}). Finish upgrading all silos.");

    private static InvalidDataException Damaged() =>
        new("The stored bytes are not a session, or are damaged. Restore the session from a backup, or delete its key, which loses the session.");
}
