namespace OrleansSessions.Resp.Commands;

/// <summary>The channels and patterns that a client has subscribed to. They are only kept to be answered for.</summary>
internal sealed class Subscriptions
{
    /// <summary>The most channels and patterns of a connection.</summary>
    public const int Max = 1_000;

    /// <summary>By name, as a byte is a character.</summary>
    public SortedSet<string> Channels { get; } = new(StringComparer.Ordinal);

    /// <summary>By text, as a byte is a character.</summary>
    public SortedSet<string> Patterns { get; } = new(StringComparer.Ordinal);

    public int Count => Channels.Count + Patterns.Count;

    public void Clear()
    {
        Channels.Clear();
        Patterns.Clear();
    }
}
