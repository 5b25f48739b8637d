namespace OrleansSessions.Resp.Commands;

/// <summary>Channels and patterns that a client has subscribed to, kept only for the replies.</summary>
internal sealed class Subscriptions
{
    /// <summary>Maximum number of channels and patterns per connection.</summary>
    public const int Max = 1_000;

    /// <summary>By name, one character per byte.</summary>
    public SortedSet<string> Channels { get; } = new(StringComparer.Ordinal);

    /// <summary>By text, one character per byte.</summary>
    public SortedSet<string> Patterns { get; } = new(StringComparer.Ordinal);

    public int Count => Channels.Count + Patterns.Count;

    public void Clear()
    {
        Channels.Clear();
        Patterns.Clear();
    }
}
