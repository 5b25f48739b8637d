namespace OrleansSessions.Faults.Tests.Histories;

/// <summary>Content of an answer. Null: it shows nothing about that part.</summary>
internal sealed record Observation
{
    /// <summary>The session has ended, or never existed.</summary>
    public static Observation Gone { get; } = new() { IsGone = true };

    /// <summary>An acknowledgement that shows nothing.</summary>
    public static Observation Done { get; } = new();

    public bool IsGone { get; init; }

    public string? Register { get; init; }

    public long? Counter { get; init; }

    /// <summary>The entries that were added.</summary>
    public IReadOnlySet<string>? Entries { get; init; }

    public override string ToString() => IsGone ? "gone"
        : string.Join(
            ' ',
            ((string?[])[Register is null ? null : $"r={Register}", Counter is null ? null : $"n={Counter}", Entries is null ? null : $"|e|={Entries.Count}"]).OfType<string>())
            is { Length: > 0 } text ? text : "ok";
}
