using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Telemetry;

/// <summary>Tests of one cluster's telemetry.</summary>
[CollectionDefinition]
public sealed class ObservedCollection : ICollectionFixture<ObservedCluster>;
