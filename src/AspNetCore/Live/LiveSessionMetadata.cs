namespace OrleansSessions.AspNetCore;

/// <summary>Metadata of endpoints that require a living session.</summary>
/// <param name="KeepAlive">Whether their requests count as use of the session.</param>
internal sealed record LiveSessionMetadata(bool KeepAlive);
