using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Stores;

/// <summary>Tests that share one cluster on redis-server.</summary>
[CollectionDefinition]
public sealed class RedisCollection : ICollectionFixture<RedisCluster>;
