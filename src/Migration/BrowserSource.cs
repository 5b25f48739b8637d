namespace OrleansSessions.Migration;

/// <summary>Where browsers' sessions were before the cluster had them.</summary>
/// <param name="Redis">The connection string of the old Redis; null: there is none.</param>
/// <param name="Prefix">What the old keys begin with.</param>
/// <param name="Namespace">The namespace of the sessions in the cluster.</param>
public sealed record BrowserSource(string? Redis, string Prefix, string Namespace);
