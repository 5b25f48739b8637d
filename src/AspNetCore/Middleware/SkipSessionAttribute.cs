namespace OrleansSessions.AspNetCore;

/// <summary>
/// Endpoint metadata: requests to this endpoint have no session, and their cookie is ignored. For static assets, probes and error pages.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SkipSessionAttribute : Attribute, ISkipSessionMetadata;
