using CsCheck;

namespace OrleansSessions.Contracts.Tests;

public sealed class SessionTokenTests
{
    [Fact]
    public void Create_Tokens_AreIdAndSecretAndNeverTheSame()
    {
        SessionToken[] tokens = [.. Enumerable.Range(0, 1_000).Select(static _ => SessionToken.Create())];

        Assert.All(tokens, static token => Assert.Matches("^[A-Za-z0-9_-]{22}[.][A-Za-z0-9_-]{43}$", token.Value));
        Assert.All(tokens, static token => Assert.True(token.HasSecret));
        Assert.Equal(tokens.Length, tokens.Select(static token => token.Value.Split('.')[0]).Distinct().Count());
        Assert.Equal(tokens.Length, tokens.Select(static token => token.Value.Split('.')[1]).Distinct().Count());
    }

    [Fact]
    public void CreateWithoutSecret_Tokens_Are43CharactersAndNeverTheSame()
    {
        SessionToken[] tokens = [.. Enumerable.Range(0, 1_000).Select(static _ => SessionToken.CreateWithoutSecret())];

        Assert.All(tokens, static token => Assert.Matches("^[A-Za-z0-9_-]{43}$", token.Value));
        Assert.All(tokens, static token => Assert.True(token is { HasSecret: false, SecretHash.IsNone: true }));
        Assert.Equal(tokens.Length, tokens.Select(static token => token.Value).Distinct().Count());
    }

    [Fact]
    public void WithNewSecret_Token_KeepsItsId()
    {
        SessionToken before = SessionToken.Create();

        SessionToken after = before.WithNewSecret();

        Assert.Equal(before.Value.Split('.')[0], after.Value.Split('.')[0]);
        Assert.NotEqual(before.Value.Split('.')[1], after.Value.Split('.')[1]);
        Assert.NotEqual(before.SecretHash, after.SecretHash);
        Assert.Throws<InvalidOperationException>(static () => SessionToken.CreateWithoutSecret().WithNewSecret());
    }

    [Fact]
    public void Create_Token_IsAccepted()
    {
        SessionToken created = SessionToken.Create();

        Assert.True(SessionToken.TryParse(created.Value, out SessionToken parsed));
        Assert.Equal(created, parsed);
    }

    [Theory]
    [InlineData("0123456789abcdef")]
    [InlineData("9f2c,-_ABCdefGHIjklMNO")]
    [InlineData("----------------")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB")]
    public void TryParse_TokensOfOthers_AreAcceptedAsTheyAre(string text)
    {
        Assert.True(SessionToken.TryParse(text, out SessionToken token));
        Assert.Equal(text, token.Value);
    }

    [Theory]
    [InlineData(15, false)]
    [InlineData(16, true)]
    [InlineData(256, true)]
    [InlineData(257, false)]
    [InlineData(1_000_000, false)]
    public void TryParse_Length_IsBounded(int length, bool accepted) => Assert.Equal(accepted, SessionToken.TryParse(new string('a', length), out _));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0123456789abcde ")]
    [InlineData("0123456789abcde\0")]
    [InlineData("0123456789abcde\n")]
    [InlineData("0123456789abcdeé")]
    [InlineData("0123456789abcde%")]
    [InlineData("0123456789abcde+")]
    [InlineData("0123456789abcde/")]
    [InlineData("0123456789abcde=")]
    [InlineData("0123456789abcde;")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA.")]
    [InlineData(".BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBB.BBBBBBBBBBBBBBBBBBBBB")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA,.BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB")]
    [InlineData("../../../../etc/passwd")]
    [InlineData("０１２３４５６７８９０１２３４５")]
    public void TryParse_AnythingElse_IsNoToken(string? text)
    {
        Assert.False(SessionToken.TryParse(text, out SessionToken token));
        Assert.Equal(default, token);
    }

    [Fact]
    public void TryParse_AnyText_AcceptsExactlyTheDocumentedSyntax() =>
        Gen.OneOf(Gen.String[Gen.Char.AlphaNumeric, 0, 300], Gen.String[Gen.Char[' ', '\u007f'], 10, 20], Gen.String[0, 40]).Sample(text =>
            SessionToken.TryParse(text, out _) == (text.Length is >= 16 and <= 256
                && text.All(c => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' or ',' or '-' or '_')));

    [Fact]
    public void ToString_Token_IsRedacted()
    {
        SessionToken token = SessionToken.Create();

        Assert.Equal("[redacted]", token.ToString());
        Assert.Equal("[redacted]", $"{token}");
        Assert.Equal("[redacted]", default(SessionToken).ToString());
    }

    [Fact]
    public void Value_OfTheDefault_ThrowsAndSaysHowToMakeOne()
    {
        InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(() => default(SessionToken).Value);

        Assert.Contains("SessionToken.Create", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Equality_IsThatOfTheText()
    {
        Assert.True(SessionToken.TryParse("0123456789abcdef", out SessionToken a));
        Assert.True(SessionToken.TryParse(new string("0123456789abcdef".ToCharArray()), out SessionToken b));
        Assert.True(SessionToken.TryParse("0123456789ABCDEF", out SessionToken c));

        Assert.True(a == b && a.Equals((object)b) && a.GetHashCode() == b.GetHashCode());
        Assert.True(a != c && !a.Equals((object)"0123456789abcdef"));
        Assert.False(a == default);
    }
}
