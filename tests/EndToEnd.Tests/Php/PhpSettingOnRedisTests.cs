using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>On Debian's redis-server: PHP's settings of sessions.</summary>
[Collection(typeof(PhpOnRedisCollection))]
public sealed class PhpSettingOnRedisTests(RedisPhpStore store) : PhpSettingTests(store);
