using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Clients;

/// <summary>Tests that share one cluster with its endpoint.</summary>
[CollectionDefinition]
public sealed class RespCollection : ICollectionFixture<RespCluster>;
