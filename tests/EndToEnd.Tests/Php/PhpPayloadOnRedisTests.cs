using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>On Debian's redis-server: sessions out of the ordinary.</summary>
[Collection(typeof(PhpOnRedisCollection))]
public sealed class PhpPayloadOnRedisTests(RedisPhpStore store) : PhpPayloadTests(store);
