namespace OrleansSessions.Migration;

/// <summary>Store of browsers' sessions before the cluster.</summary>
/// <param name="Redis">The connection string of the old Redis; null: none.</param>
/// <param name="Prefix">The prefix of the old keys.</param>
/// <param name="Namespace">The namespace of the sessions in the cluster.</param>
public sealed record BrowserSource(string? Redis, string Prefix, string Namespace);
