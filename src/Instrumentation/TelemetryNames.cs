namespace OrleansSessions.Instrumentation;

/// <summary>Names of this project's meters and activity sources. The libraries define them; a test compares the two.</summary>
internal static class TelemetryNames
{
    /// <summary>Meter and activity source of sessions, on both sides of a call.</summary>
    public const string Sessions = "OrleansSessions";

    /// <summary>Meter of the RESP endpoint.</summary>
    public const string Resp = "OrleansSessions.Resp";

    /// <summary>Meter of TLS between silos and frontends.</summary>
    public const string ClusterTls = "OrleansSessions.Tls";
}
