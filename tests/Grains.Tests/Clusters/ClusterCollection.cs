namespace OrleansSessions.Grains.Tests.Clusters;

/// <summary>The tests on silos without event handlers.</summary>
[CollectionDefinition]
public sealed class ClusterCollection : ICollectionFixture<ClusterFixture>;
