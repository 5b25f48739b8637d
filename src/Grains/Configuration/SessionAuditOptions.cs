namespace OrleansSessions.Grains.Configuration;

/// <summary>Options of the audit trail. Bound from the section <c>SessionCluster:Audit</c>; the same on all silos.</summary>
public sealed class SessionAuditOptions
{
    /// <summary>The category of the trail's log messages.</summary>
    public const string LogCategory = "OrleansSessions.Audit";

    /// <summary>Whether to log each event, under <see cref="LogCategory"/>. Default: false.</summary>
    public bool Log { get; set; }

    /// <summary>The key of the Redis stream that each event is appended to. Default: null, none.</summary>
    public string? Stream { get; set; }

    /// <summary>About how many events the stream keeps; the oldest leave first. Default: 100,000; 1,000 to 100 million.</summary>
    public int MaxLength { get; set; } = 100_000;

    internal bool IsOn => Log || !string.IsNullOrEmpty(Stream);
}
