namespace OrleansSessions.ServiceDefaults.Health;

/// <summary>Tags that decide which health endpoint runs a check.</summary>
public static class HealthTags
{
    /// <summary>The check takes part in <c>/healthz/startup</c>.</summary>
    public const string Startup = "startup";

    /// <summary>The check takes part in <c>/healthz/ready</c>.</summary>
    public const string Ready = "ready";
}
