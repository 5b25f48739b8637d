namespace OrleansSessions.LocalCluster.Demo;

/// <summary>What a frontend says of a visitor's session, as far as the visitor checks it.</summary>
internal sealed record CartAnswer(string? Frontend, string? Silo, Dictionary<string, string> Entries);
