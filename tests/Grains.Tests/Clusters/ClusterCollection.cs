namespace OrleansSessions.Grains.Tests.Clusters;

/// <summary>Tests on silos without event handlers.</summary>
[CollectionDefinition]
public sealed class ClusterCollection : ICollectionFixture<ClusterFixture>;
