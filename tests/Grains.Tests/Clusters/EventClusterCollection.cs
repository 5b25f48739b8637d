namespace OrleansSessions.Grains.Tests.Clusters;

/// <summary>Tests on silos with an event handler.</summary>
[CollectionDefinition]
public sealed class EventClusterCollection : ICollectionFixture<EventClusterFixture>;
