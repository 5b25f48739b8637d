using OrleansSessions.Contracts;

namespace OrleansSessions.Resp.Values;

/// <summary>Session content last shown to a client.</summary>
/// <param name="Incarnation">The session it saw; null: none.</param>
/// <param name="Payload">The session's contents.</param>
internal sealed record RememberedRead(Guid? Incarnation, Payload Payload)
{
    /// <summary>There was no session.</summary>
    public static readonly RememberedRead Nothing = new(null, new Payload(SessionShape.Entries, []));

    /// <summary>The client has ended the session itself. Its next write creates a new session with the whole value.</summary>
    public static readonly RememberedRead OwnEnd = new(null, new Payload(SessionShape.Entries, []));

    private const int BytesOfAnEntry = 128;

    /// <summary>Approximate memory: small entries take more than their content.</summary>
    public long Bytes { get; } = BytesOf(Payload);

    /// <summary>
    /// The session that had ended when the client moved on from it to this one, under a new id; null: there was none.
    /// </summary>
    public EndedSession? Ended { get; init; }

    /// <summary>Whether a write can be compared with it.</summary>
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
