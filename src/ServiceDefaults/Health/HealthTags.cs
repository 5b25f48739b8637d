namespace OrleansSessions.ServiceDefaults.Health;

/// <summary>Tags that assign health checks to endpoints.</summary>
public static class HealthTags
{
    /// <summary>The check is part of <c>/healthz/startup</c>.</summary>
    public const string Startup = "startup";

    /// <summary>The check is part of <c>/healthz/ready</c>.</summary>
    public const string Ready = "ready";
}
