using System.Text;
using OrleansSessions.Resp.Commands.Scripts;

namespace OrleansSessions.Resp.Tests.Scripts;

/// <summary>Recognition of lock scripts.</summary>
public sealed class KnownScriptsTests
{
    private const string PhpRedis = "if redis.call(\"get\",KEYS[1]) == ARGV[1] then return redis.call(\"del\",KEYS[1]) else return 0 end";

    private const string RedisPyExtend = """
        local token = redis.call('get', KEYS[1])
        if not token or token ~= ARGV[1] then
            return 0
        end
        local expiration = redis.call('pttl', KEYS[1])
        if not expiration then
            expiration = 0
        end
        if expiration < 0 then
            return 0
        end

        local newttl = ARGV[2]
        if ARGV[3] == "0" then
            newttl = ARGV[2] + expiration
        end
        redis.call('pexpire', KEYS[1], newttl)
        return 1
        """;

    [Fact]
    public void Script_OfPhpRedis_HasTheNameThatPhpRedisCallsItBy() =>
        Assert.Equal(KnownScripts.PhpRedisSha, KnownScripts.ShaOf(Encoding.UTF8.GetBytes(PhpRedis)));

    [Theory]
    [InlineData(PhpRedis, nameof(LockScript.Delete))]
    [InlineData("if redis.call('GET', KEYS[1]) == ARGV[1]\nthen\n  return redis.call('DEL', KEYS[1])\nelse\n  return 0\nend\n", nameof(LockScript.Delete))]
    [InlineData("  if redis.call(\"get\", KEYS[1]) == ARGV[1] then return redis.call(\"unlink\", KEYS[1]); else return 0; end;", nameof(LockScript.Delete))]
    [InlineData("if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) else return 0 end", nameof(LockScript.Expire))]
    [InlineData(RedisPyExtend, nameof(LockScript.Extend))]
    public void Script_OfALock_IsKnown(string script, string meaning) => Assert.Equal(meaning, $"{KnownScripts.Find(Encoding.UTF8.GetBytes(script))}");

    [Theory]
    [InlineData("")]
    [InlineData("return 1")]
    [InlineData("return redis.call('del', KEYS[1])")]
    [InlineData("if redis.call('get',KEYS[1]) == ARGV[1] then return redis.call('del',KEYS[2]) else return 0 end")]
    [InlineData("if redis.call('get',KEYS[1]) ~= ARGV[1] then return redis.call('del',KEYS[1]) else return 0 end")]
    public void Script_OfAnyOtherMeaning_IsNot(string script) => Assert.Null(KnownScripts.Find(Encoding.UTF8.GetBytes(script)));
}
