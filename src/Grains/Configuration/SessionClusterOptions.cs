using System.Net;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Configuration;

/// <summary>How a silo takes part in the session cluster. Bound from the section <c>SessionCluster</c>.</summary>
public sealed class SessionClusterOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "SessionCluster";

    /// <summary>The name of the cluster that the silos form. Clients use the same. Default: <c>orleans-sessions</c>.</summary>
    public string ClusterId { get; set; } = "orleans-sessions";

    /// <summary>The name under which sessions are stored; keep it for the life of the data. Default: <c>orleans-sessions</c>.</summary>
    public string ServiceId { get; set; } = "orleans-sessions";

    /// <summary>This silo's name, shown to people. Null, the default: the machine's name.</summary>
    public string? SiloName { get; set; }

    /// <summary>The IP address at which other silos and clients reach this one. Null, the default: the machine's first address that is not loopback.</summary>
    public string? AdvertisedAddress { get; set; }

    /// <summary>The port for other silos. Default: 11111.</summary>
    public int SiloPort { get; set; } = 11_111;

    /// <summary>The port for clients. Default: 30000.</summary>
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>
    /// How often the expiry sweep looks for sessions that are over. Default: 10 s; 100 ms to 1 minute. Readers don't wait for it: it decides when what is left
    /// of an expired session leaves Redis, and when its end is announced.
    /// </summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a destroyed or rotated session leaves a tombstone. Default: 2 minutes; 1 s to 1 hour.</summary>
    public TimeSpan TombstoneGrace { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long an unused session stays in memory. Default: 15 minutes, Orleans' own; at least 1 minute. A session that is used again later is read from Redis.
    /// </summary>
    public TimeSpan ActivationIdleTime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How long silos whose peers vouch for them serve reads while Redis does not answer. Null, the default: without limit. A silo that starts where Redis is reachable and
    /// these silos are not takes their sessions over after 15 seconds; a limit of at most 10 seconds rules out that they still serve old values then, and makes a longer outage of
    /// Redis one of reads too.
    /// </summary>
    public TimeSpan? ReadsWithoutRedis { get; set; }

    /// <summary>How large a session may become.</summary>
    public SessionLimits Limits { get; set; } = new();

    /// <summary>The clock that decides deadlines. Only settable in code, for tests.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal IPAddress? ParsedAddress => AdvertisedAddress is null ? null : IPAddress.Parse(AdvertisedAddress);
}
