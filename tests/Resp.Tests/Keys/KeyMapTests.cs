using System.Text;
using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Configuration;
using OrleansSessions.Resp.Keys;

namespace OrleansSessions.Resp.Tests.Keys;

/// <summary>Mapping from keys to sessions.</summary>
public sealed class KeyMapTests
{
    private const string Prefix = "PHPREDIS_SESSION:";
    private const string Token = "abcdefghijklmnopqrstuv12";

    private readonly KeyMap _keys = new(Options.Create(new RespOptions
    {
        Prefixes =
        [
            new RespPrefix { Prefix = Prefix },
            new RespPrefix { Prefix = "PHPREDIS_SESSION:shop:", Merge = true },
            new RespPrefix { Prefix = "sess:" },
        ],
    }));

    [Fact]
    public void Key_OfPrefixAndToken_IsTheSessionThatFrontendsSee()
    {
        SessionAddress address = Map(Prefix + Token);

        Assert.Equal(SessionKey.For(Prefix, Parse(Token)), address.Key);
        Assert.Equal(Prefix, address.Namespace);
        Assert.False(address.IsLock);
    }

    [Fact]
    public void Key_InAnotherDatabase_IsAnotherSession()
    {
        Assert.Equal(SessionKey.For(Prefix + "#2", Parse(Token)), Map(Prefix + Token, database: 2).Key);
        Assert.NotEqual(Map("x", database: 1).Key, Map("x").Key);
    }

    [Fact]
    public void Key_WithTheLongestPrefix_BelongsToIt() => Assert.Equal("PHPREDIS_SESSION:shop:", Map("PHPREDIS_SESSION:shop:" + Token).Namespace);

    [Fact]
    public void Key_EndingInLock_IsTheLockOfTheSameSession()
    {
        SessionAddress address = Map(Prefix + Token + "_LOCK");

        Assert.True(address.IsLock);
        Assert.Equal(Map(Prefix + Token).Key, address.Key);
    }

    [Fact]
    public void Key_EndingInLockUnderAPlainPrefix_IsAKeyLikeAnyOther()
    {
        Assert.All(["sess:" + Token, "job:" + Token], key =>
        {
            Assert.False(Map(key + "_LOCK").IsLock);
            Assert.NotEqual(Map(key).Key, Map(key + "_LOCK").Key);
        });
    }

    [Theory]
    [InlineData(Prefix + Token, true)]
    [InlineData("PHPREDIS_SESSION:shop:" + Token, true)]
    [InlineData("sess:" + Token, false)]
    [InlineData("job:" + Token, false)]
    public void Key_Merges_IfItsPrefixDoes(string key, bool merges) => Assert.Equal(merges, Map(key).Merges);

    [Fact]
    public void Handle_OfAListedSession_IsThatSession()
    {
        SessionKey key = Map(Prefix + Token).Key;

        Assert.Equal(key, Map(KeyMap.HandleOf(Prefix, key.Value)).Key);
        Assert.Equal(key, Map(KeyMap.HandleOf(Prefix, key.Value) + "_LOCK").Key);
    }

    [Fact]
    public void Handle_AfterAPrefix_IsNoHandle()
    {
        SessionKey key = Map(Prefix + Token).Key;

        Assert.NotEqual(key, Map(Prefix + "~" + key.Value).Key);
        Assert.NotEqual(key, Map(Prefix + KeyMap.HandleOf(Prefix, key.Value)).Key);
        Assert.NotEqual(key, Map(Prefix + key.Value).Key);
        Assert.NotEqual(key, Map("~" + key.Value).Key);
    }

    [Theory]
    [InlineData("")]
    [InlineData("foo")]
    [InlineData("PHPREDIS_SESSION:")]
    [InlineData("PHPREDIS_SESSION:short")]
    [InlineData("PHPREDIS_SESSION:~notahandle")]
    [InlineData("with space and \0 and \u00fc and a length of more than sixteen")]
    [InlineData("sess:has.dots.and.is.long.enough")]
    public void Key_OfAnyBytes_IsASessionOfItsOwn(string key)
    {
        SessionKey session = Map(key).Key;

        Assert.Equal(43, session.Value.Length);
        Assert.NotEqual(Map(key + "x").Key, session);
        Assert.Equal(Map(key).Key, session);
    }

    [Fact]
    public void Key_ThatIsTheHashOfAnother_IsNotTheOther()
    {
        string hash = System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.SHA256.HashData("short"u8));

        Assert.NotEqual(Map(Prefix + "short").Key, Map(Prefix + hash).Key);
    }

    [Fact]
    public void Address_Printed_ShowsNoToken() => Assert.DoesNotContain(Token, $"{Map(Prefix + Token)}", StringComparison.Ordinal);

    private SessionAddress Map(string key, int database = 0) => _keys.Map(Encoding.Latin1.GetBytes(key), database);

    private static SessionToken Parse(string token) => SessionToken.TryParse(token, out SessionToken parsed) ? parsed : throw new ArgumentException("No token.");
}
