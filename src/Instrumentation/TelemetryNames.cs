namespace OrleansSessions.Instrumentation;

/// <summary>Meters and activity sources of this project. The libraries define them; a test compares.</summary>
internal static class TelemetryNames
{
    /// <summary>Meter and activity source of sessions, on both sides of a call.</summary>
    public const string Sessions = "OrleansSessions";

    /// <summary>Meter of the RESP endpoint.</summary>
    public const string Resp = "OrleansSessions.Resp";

    /// <summary>Meter of TLS between silos and frontends.</summary>
    public const string ClusterTls = "OrleansSessions.Tls";
}
