namespace OrleansSessions.Grains.Tests.Clusters;

/// <summary>The tests on silos with an event handler.</summary>
[CollectionDefinition]
public sealed class EventClusterCollection : ICollectionFixture<EventClusterFixture>;
