using System.Net;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Configuration;

/// <summary>Options of a silo in the session cluster. Bound from the section <c>SessionCluster</c>.</summary>
public sealed class SessionClusterOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "SessionCluster";

    /// <summary>The name of the cluster, the same for all silos and clients. Default: <c>orleans-sessions</c>.</summary>
    public string ClusterId { get; set; } = "orleans-sessions";

    /// <summary>The prefix under which sessions are stored; keep it for the life of the data. Default: <c>orleans-sessions</c>.</summary>
    public string ServiceId { get; set; } = "orleans-sessions";

    /// <summary>The silo's display name. Default: null, the machine's name.</summary>
    public string? SiloName { get; set; }

    /// <summary>The IP address at which others reach this silo. Default: null, the machine's first non-loopback address.</summary>
    public string? AdvertisedAddress { get; set; }

    /// <summary>The port for other silos. Default: 11111.</summary>
    public int SiloPort { get; set; } = 11_111;

    /// <summary>The port for clients. Default: 30000.</summary>
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>
    /// How often the expiry sweep looks for ended sessions. Default: 10 s; 100 ms to 1 minute. Readers don't depend on it: it determines when an expired session
    /// leaves Redis, and when its end is announced.
    /// </summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a destroyed or rotated session leaves a tombstone. Default: 2 minutes; 1 s to 1 hour.</summary>
    public TimeSpan TombstoneGrace { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long an unused session stays in memory; later it is read from Redis. Default: 15 minutes, Orleans' own; at least 1 minute.
    /// </summary>
    public TimeSpan ActivationIdleTime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How long silos serve reads on their peers' confirmation while Redis does not answer. Default: null, without limit. A silo that starts where it reaches Redis but none of
    /// these silos takes their sessions over after 15 seconds. A limit of at most 10 seconds ensures that they serve no stale values then, at the price that a longer
    /// outage of Redis stops reads too.
    /// </summary>
    public TimeSpan? ReadsWithoutRedis { get; set; }

    /// <summary>How many sessions may be signed in as one user at a time. Default: null, without limit; at least 1.</summary>
    public int? MaxSessionsPerUser { get; set; }

    /// <summary>What happens when a user signs in once more than that. Default: the least recently used sessions are ended.</summary>
    public TooManySessions WhenTooManySessions { get; set; }

    /// <summary>The audit trail.</summary>
    public SessionAuditOptions Audit { get; set; } = new();

    /// <summary>Size limits of a session.</summary>
    public SessionLimits Limits { get; set; } = new();

    /// <summary>The clock for deadlines. Settable in code only, for tests.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal long TombstoneGraceMs => (long)TombstoneGrace.TotalMilliseconds;

    internal IPAddress? ParsedAddress => AdvertisedAddress is null ? null : IPAddress.Parse(AdvertisedAddress);
}
