using OrleansSessions.Contracts;

namespace OrleansSessions.Resp.Sessions;

/// <summary>What a client was last shown of a session.</summary>
/// <param name="Incarnation">The session it saw; null: none.</param>
/// <param name="Payload">The session's contents.</param>
/// <param name="IdleTimeout">The session's idle timeout.</param>
internal sealed record RememberedRead(Guid? Incarnation, Payload Payload, TimeSpan IdleTimeout)
{
    /// <summary>There was no session.</summary>
    public static readonly RememberedRead Nothing = new(null, new Payload(SessionShape.Entries, []), TimeSpan.Zero);

    private const int BytesOfAnEntry = 128;

    /// <summary>About how much memory it keeps: small entries take more than what is in them.</summary>
    public long Bytes { get; } = BytesOf(Payload);

    private static long BytesOf(Payload payload)
    {
        long bytes = 0;
        foreach (SessionEntry entry in payload.Entries)
        {
            bytes += entry.Value.Length + (sizeof(char) * (long)entry.Name.Length) + BytesOfAnEntry;
        }

        return bytes;
    }
}
