using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Stores;

/// <summary>Tests that share one cluster on the embedded Garnet.</summary>
[CollectionDefinition]
public sealed class GarnetCollection : ICollectionFixture<GarnetCluster>;
