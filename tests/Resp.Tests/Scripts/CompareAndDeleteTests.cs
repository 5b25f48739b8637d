using System.Text;
using OrleansSessions.Resp.Commands.Scripts;

namespace OrleansSessions.Resp.Tests.Scripts;

/// <summary>The script that releases locks, among all scripts.</summary>
public sealed class CompareAndDeleteTests
{
    private const string PhpRedis = "if redis.call(\"get\",KEYS[1]) == ARGV[1] then return redis.call(\"del\",KEYS[1]) else return 0 end";

    [Fact]
    public void Script_OfPhpRedis_HasTheNameThatPhpRedisCallsItBy() =>
        Assert.Equal(CompareAndDelete.PhpRedisSha, CompareAndDelete.ShaOf(Encoding.UTF8.GetBytes(PhpRedis)));

    [Theory]
    [InlineData(PhpRedis)]
    [InlineData("if redis.call('GET', KEYS[1]) == ARGV[1]\nthen\n  return redis.call('DEL', KEYS[1])\nelse\n  return 0\nend\n")]
    [InlineData("  if redis.call(\"get\", KEYS[1]) == ARGV[1] then return redis.call(\"unlink\", KEYS[1]); else return 0; end;")]
    public void Script_ThatComparesAndDeletes_IsKnown(string script) => Assert.True(CompareAndDelete.IsMatch(Encoding.UTF8.GetBytes(script)));

    [Theory]
    [InlineData("")]
    [InlineData("return 1")]
    [InlineData("return redis.call('del', KEYS[1])")]
    [InlineData("if redis.call('get',KEYS[1]) == ARGV[1] then return redis.call('del',KEYS[2]) else return 0 end")]
    [InlineData("if redis.call('get',KEYS[1]) ~= ARGV[1] then return redis.call('del',KEYS[1]) else return 0 end")]
    public void Script_OfAnyOtherMeaning_IsNot(string script) => Assert.False(CompareAndDelete.IsMatch(Encoding.UTF8.GetBytes(script)));
}
