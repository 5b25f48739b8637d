namespace OrleansSessions.Migration;

/// <summary>Value in the old Redis: a string or a hash.</summary>
public sealed record OldValue
{
    /// <summary>The value, if it is a string.</summary>
    public byte[]? Text { get; init; }

    /// <summary>The fields, if it is a hash.</summary>
    public IReadOnlyList<KeyValuePair<string, byte[]>> Fields { get; init; } = [];

    /// <summary>The key's remaining time; null: no expiry.</summary>
    public TimeSpan? TimeToLive { get; init; }
}
