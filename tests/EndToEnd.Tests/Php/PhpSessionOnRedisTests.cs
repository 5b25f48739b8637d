using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Typical session use of PHP applications, on Debian's redis-server.</summary>
[Collection(typeof(PhpOnRedisCollection))]
public sealed class PhpSessionOnRedisTests(RedisPhpStore store) : PhpSessionTests(store);
