namespace OrleansSessions.Migration;

/// <summary>What the old Redis has under a key: a text or fields.</summary>
public sealed record OldValue
{
    /// <summary>The value, if it is a string.</summary>
    public byte[]? Text { get; init; }

    /// <summary>The fields, if it is a hash.</summary>
    public IReadOnlyList<KeyValuePair<string, byte[]>> Fields { get; init; } = [];

    /// <summary>How long the key has left; null: for ever.</summary>
    public TimeSpan? TimeToLive { get; init; }
}
