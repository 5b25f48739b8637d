using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Unusual sessions on Debian's redis-server.</summary>
[Collection(typeof(PhpOnRedisCollection))]
public sealed class PhpPayloadOnRedisTests(RedisPhpStore store) : PhpPayloadTests(store);
