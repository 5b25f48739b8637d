using OrleansSessions.EndToEnd.Tests.Stores;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Sessions;

/// <summary>Shared sessions on Debian's redis-server.</summary>
[Collection(typeof(RedisCollection))]
public sealed class SharedSessionOnRedisTests(RedisCluster cluster) : SharedSessionTests(cluster);
