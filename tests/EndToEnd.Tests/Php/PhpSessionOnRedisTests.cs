using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>On Debian's redis-server: what every PHP application does with its sessions.</summary>
[Collection(typeof(PhpOnRedisCollection))]
public sealed class PhpSessionOnRedisTests(RedisPhpStore store) : PhpSessionTests(store);
