using OrleansSessions.Grains.Storage;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Storage;

public sealed class DeadlineIndexTests
{
    [Fact]
    public void Shard_OfRandomKeys_SpreadsThemEvenly()
    {
        int[] sizes = new int[DeadlineIndex.Shards];
        for (int i = 0; i < 6_400; i++)
        {
            sizes[DeadlineIndex.ShardOf(IdSpan.Create(SessionTestCluster.NewKey()))]++;
        }

        Assert.All(sizes, size => Assert.InRange(size, 40, 200));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("!!!!")]
    public void Shard_OfNoSessionKey_Throws(string key) => Assert.Throws<ArgumentException>(() => DeadlineIndex.ShardOf(IdSpan.Create(key)));

    [Theory]
    [InlineData("AAAA", 0)]
    [InlineData("P___", 63)]
    [InlineData("QAAA", 0)]
    [InlineData("____", 63)]
    public void Shard_OfAKey_IsItsFirstByteModulo64(string key, int shard) => Assert.Equal(shard, DeadlineIndex.ShardOf(IdSpan.Create(key)));
}
