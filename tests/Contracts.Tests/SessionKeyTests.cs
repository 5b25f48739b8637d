using System.Text;

namespace OrleansSessions.Contracts.Tests;

public sealed class SessionKeyTests
{
    /// <summary>Computed with another language's library. A different result would orphan every stored session.</summary>
    [Theory]
    [InlineData("", "0123456789abcdef", "ZlWma6OTnz4M0CPdRR1mmmGT3FqJpNCCTeVs4hDXx3M")]
    [InlineData("", "9f2c,-_ABCdefGHIjklMNO", "uUctLdn0qNqc69TvovqELwMtuVjj_NjiM4iZrAFCfyI")]
    [InlineData("", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "vSutd0WOB5WoYjXFPOyBollUsY4njg8XWVcJFHL8458")]
    [InlineData("shop", "0123456789abcdef", "OjNe2I6upQPKtZwrSFMm4zvrr2rERo1zTn-gXqPoBwo")]
    [InlineData("shop", "AAAAAAAAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB", "Nf4CAJTrZggLRkRMoGf7jmFc_pm3gQiNExeJ7_Chs9Q")]
    [InlineData("Größe", "0123456789abcdef", "UQx5AjdJr1oR9J1JrWZepLvSYvLJ58J16SlEHjbEnkM")]
    public void For_KnownTokens_MakesTheKnownKeys(string sessionNamespace, string token, string key) =>
        Assert.Equal(key, SessionKey.For(sessionNamespace, Token(token)).Value);

    [Fact]
    public void For_LongestNamespaceAndToken_MakesTheKnownKey() =>
        Assert.Equal("ubuA5HqtD_oAcbIXcAXzDfbTPkU5utiXvIMyo3ozkxA", SessionKey.For(new string('a', 128), Token(new string('z', 256))).Value);

    [Fact]
    public void For_Key_Is43CharactersThatDoNotHoldTheToken()
    {
        SessionToken token = SessionToken.Create();

        SessionKey key = SessionKey.For("", token);

        Assert.Matches("^[A-Za-z0-9_-]{43}$", key.Value);
        Assert.DoesNotContain(token.Value[..8], key.Value, StringComparison.Ordinal);
        Assert.Equal(key, SessionKey.For("", token));
        Assert.NotEqual(key, SessionKey.For("other", token));
    }

    [Fact]
    public void For_NamespaceOver128BytesOrWithAZero_IsRefused()
    {
        SessionToken token = SessionToken.Create();

        Assert.Throws<ArgumentException>(() => SessionKey.For(new string('a', 129), token));
        Assert.Throws<ArgumentException>(() => SessionKey.For(new string('é', 65), token));
        Assert.Throws<ArgumentException>(() => SessionKey.For("a\0b", token));
        Assert.Throws<ArgumentNullException>(() => SessionKey.For(null!, token));
        Assert.Equal(43, SessionKey.For(new string('é', 64), token).Value.Length);
    }

    [Fact]
    public void For_RotatedToken_IsTheSameKey()
    {
        SessionToken token = SessionToken.Create();

        Assert.Equal(SessionKey.For("shop", token), SessionKey.For("shop", token.WithNewSecret()));
        Assert.NotEqual(SessionKey.For("shop", token), SessionKey.For("shop", SessionToken.Create()));
    }

    [Fact]
    public void For_DefaultToken_IsRefused() => Assert.Throws<InvalidOperationException>(() => SessionKey.For("", default));

    [Fact]
    public void ShortAndText_Key_AreFitForPeople()
    {
        SessionKey key = SessionKey.For("", SessionToken.Create());

        Assert.Equal(key.Value, $"{key}");
        Assert.Equal(key.Value[..8], key.Short);
        Assert.Equal("abc", new SessionKey("abc").Short);
    }

    private static SessionToken Token(string text) =>
        SessionToken.TryParse(text, out SessionToken token) ? token : throw new ArgumentException($"{Encoding.UTF8.GetByteCount(text)} bytes are no token.", nameof(text));
}
