namespace OrleansSessions.Contracts.Tests.Secrets;

public sealed class SecretHashTests
{
    /// <summary>Made with another language's library. Another answer locks every browser out of its session.</summary>
    [Fact]
    public void SecretHash_OfAToken_IsSha256OfTheSecretPart()
    {
        Assert.True(SessionToken.TryParse("AAAAAAAAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB", out SessionToken token));
        byte[] bytes = new byte[SecretHash.Bytes];

        token.SecretHash.WriteTo(bytes);

        Assert.Equal("412dc46cc9e3cb26f29f7c1415c556349af62904c5d15b0a2d8cfdc5cfa22b34", Convert.ToHexStringLower(bytes));
        Assert.Equal(token.SecretHash, new SecretHash(bytes));
    }

    [Fact]
    public void Equality_IsThatOfEveryByte()
    {
        byte[] bytes = [.. Enumerable.Range(1, SecretHash.Bytes).Select(static i => (byte)i)];
        var hash = new SecretHash(bytes);
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] other = [.. bytes];
            other[i] ^= 1;
            Assert.True(hash != new SecretHash(other));
        }

        Assert.True(hash == new SecretHash(bytes) && hash.Equals((object)new SecretHash(bytes)) && hash.GetHashCode() == new SecretHash(bytes).GetHashCode());
        Assert.False(hash.Equals("a hash"));
    }

    [Fact]
    public void Default_StandsForNone()
    {
        Assert.True(default(SecretHash).IsNone);
        Assert.False(SecretHash.Of("a secret").IsNone);
    }

    [Fact]
    public void ToString_Hash_IsRedacted() => Assert.Equal("[redacted]", $"{SecretHash.Of("a secret")}");
}
