using OrleansSessions.Contracts;

namespace OrleansSessions.Resp.Values;

/// <summary>What a client was last shown of a session.</summary>
/// <param name="Incarnation">The session it saw; null: none.</param>
/// <param name="Payload">The session's contents.</param>
internal sealed record RememberedRead(Guid? Incarnation, Payload Payload)
{
    /// <summary>There was no session.</summary>
    public static readonly RememberedRead Nothing = new(null, new Payload(SessionShape.Entries, []));

    /// <summary>The client has ended the session itself. What it writes then is a new one, and the whole of it.</summary>
    public static readonly RememberedRead OwnEnd = new(null, new Payload(SessionShape.Entries, []));

    private const int BytesOfAnEntry = 128;

    /// <summary>About how much memory it keeps: small entries take more than what is in them.</summary>
    public long Bytes { get; } = BytesOf(Payload);

    /// <summary>Whether it tells what a write changes.</summary>
    public bool IsComparable => !ReferenceEquals(this, OwnEnd);

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
