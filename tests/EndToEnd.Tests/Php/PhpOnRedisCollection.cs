using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Tests of PHP that share one redis-server.</summary>
[CollectionDefinition]
public sealed class PhpOnRedisCollection : ICollectionFixture<RedisPhpStore>;
