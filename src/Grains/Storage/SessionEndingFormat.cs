using System.Text;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Storage;

/// <summary>Byte format of a session's ending in its state: reason, parts (one bit each), the time of its removal, and the present parts. Pure.</summary>
internal static class SessionEndingFormat
{
    [Flags]
    private enum Parts : byte
    {
        None = 0,
        MovedTo = 1,
        HandoverPending = 2,
        OperationId = 4,
        Actor = 8,
        All = 15,
    }

    public static int MostBytes(SessionEnding ending) =>
        2 + PackedSize.Number + PackedSize.Guid + PackedSize.Text(ending.MovedTo) + PackedSize.Text(ending.Actor);

    public static void Write(ref PackedWriter writer, SessionEnding ending)
    {
        writer.WriteByte((byte)ending.Reason);
        writer.WriteByte((byte)(
            (ending.MovedTo is null ? 0 : Parts.MovedTo)
            | (ending.HandoverPending ? Parts.HandoverPending : 0)
            | (ending.OperationId is null ? 0 : Parts.OperationId)
            | (ending.Actor is null ? 0 : Parts.Actor)));
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

    /// <exception cref="NotSupportedException">A newer version stored them.</exception>
    public static SessionEnding Read(ref PackedReader reader)
    {
        var reason = (EndReason)reader.ReadByte();
        var parts = (Parts)reader.ReadByte();
        return parts > Parts.All
            ? throw SessionStateFormat.Newer("parts of an ending", (byte)parts, (byte)Parts.All)
            : new SessionEnding
            {
                Reason = reason,
                HandoverPending = parts.HasFlag(Parts.HandoverPending),
                RemoveAtMs = reader.ReadNumber(),
                MovedTo = parts.HasFlag(Parts.MovedTo) ? Encoding.UTF8.GetString(reader.ReadBlock()) : null,
                OperationId = parts.HasFlag(Parts.OperationId) ? reader.ReadGuid() : null,
                Actor = parts.HasFlag(Parts.Actor) ? Encoding.UTF8.GetString(reader.ReadBlock()) : null,
            };
    }
}
