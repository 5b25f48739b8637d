using System.Buffers;
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

    /// <summary>The oldest readable schema.</summary>
    private const byte OldestSchema = 2;

    private const byte Magic = (byte)'S';
    private const int FixedBytes = 6 + PackedSize.Guid + (9 * PackedSize.Number);
    private const int LockBytes = PackedSize.Guid + (2 * PackedSize.Number);

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
        TicketUser = 4,
        PrivilegeChanges = 8,
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
            SessionEndingFormat.Write(ref writer, ending);
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

        if (state.TicketUser is { } ticketUser)
        {
            writer.WriteText(ticketUser);
        }

        if (state.PrivilegeChanges != 0)
        {
            writer.WriteNumber(state.PrivilegeChanges);
        }

        AppliedOperationsFormat.Write(ref writer, state.Operations);
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
            OperationsForgottenThroughMs = AppliedOperationsFormat.ReadDeadline(ref reader, schema),
            IndexedDeadlineMs = reader.ReadNumber(),
            MovedFrom = parts.HasFlag(Parts.MovedFrom) ? Encoding.UTF8.GetString(reader.ReadBlock()) : null,
            Namespace = parts.HasFlag(Parts.Namespace) ? RecurringText.Get(reader.ReadBlock()) : null,
            Ending = parts.HasFlag(Parts.Ending) ? SessionEndingFormat.Read(ref reader) : null,
            Lock = parts.HasFlag(Parts.Lock) ? ReadLock(ref reader) : null,
            Secret = parts.HasFlag(Parts.Secret) ? SecretFormat.Read(ref reader, out retired) : default,
            SignedIn = more.HasFlag(MoreParts.SignedIn) ? SignedInFormat.Read(ref reader) : null,
            Retired = more.HasFlag(MoreParts.SupersededSecrets) ? SecretFormat.ReadSuperseded(ref reader, retired) : retired,
            TicketUser = more.HasFlag(MoreParts.TicketUser) ? Encoding.UTF8.GetString(reader.ReadBlock()) : null,
            PrivilegeChanges = more.HasFlag(MoreParts.PrivilegeChanges) ? reader.ReadNumber() : 0,
            Operations = AppliedOperationsFormat.Read(ref reader, schema),
            Packed = ReadEntries(ref reader),
        };
        bool isWhole = reader.IsAtEnd && state.PrivilegeChanges >= 0 && (status is SessionStatus.None or SessionStatus.Active) == (state.Ending is null);
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
        | (state.Retired is { HasSuperseded: true } ? MoreParts.SupersededSecrets : 0)
        | (state.TicketUser is null ? 0 : MoreParts.TicketUser)
        | (state.PrivilegeChanges == 0 ? 0 : MoreParts.PrivilegeChanges);

    private static SessionLock ReadLock(ref PackedReader reader)
    {
        byte[] owner = reader.ReadBlock().ToArray();
        long ticks = reader.ReadNumber();
        return ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks
            ? throw Damaged()
            : new SessionLock { Owner = owner, ExpiresAt = new DateTimeOffset(ticks, TimeSpan.Zero), OperationId = reader.ReadGuid() };
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
        int bytes = FixedBytes + PackedSize.Text(state.MovedFrom) + PackedSize.Text(state.Namespace) + PackedSize.Text(state.TicketUser) + state.Packed.Length;
        if (state.Ending is { } ending)
        {
            bytes += SessionEndingFormat.MostBytes(ending);
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

        return bytes + AppliedOperationsFormat.MostBytes(state.Operations);
    }

    /// <summary>Error for a value that no version up to this one writes. The session is intact, and silos that know the value can read it.</summary>
    internal static NotSupportedException Newer(string what, byte stored, byte known) =>
        new($"The session was stored by a newer version ({what} {stored}; this silo knows {known}). Finish upgrading all silos.");

    private static InvalidDataException Damaged() =>
        new("The stored bytes are not a session, or are damaged. Restore the session from a backup, or delete its key, which loses the session.");
}
