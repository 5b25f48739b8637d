using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>PHP's session settings on Debian's redis-server.</summary>
[Collection(typeof(PhpOnRedisCollection))]
public sealed class PhpSettingOnRedisTests(RedisPhpStore store) : PhpSettingTests(store);
