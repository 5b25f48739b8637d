namespace OrleansSessions.Resp.Tests.Connections;

/// <summary>Tests that measure this process' memory, so each runs alone.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class AloneCollection;
