using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Telemetry;

/// <summary>Tests that look at what one cluster told of itself.</summary>
[CollectionDefinition]
public sealed class ObservedCollection : ICollectionFixture<ObservedCluster>;
