using System.Text;
using OrleansSessions.Resp.Keys;

namespace OrleansSessions.Resp.Tests.Keys;

/// <summary>Patterns as in Redis.</summary>
public sealed class GlobPatternTests
{
    [Theory]
    [InlineData("*", "", true)]
    [InlineData("*", "abc", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("a*c", "abbc", true)]
    [InlineData("a*c", "abbcd", false)]
    [InlineData("a**c*", "abbcd", true)]
    [InlineData("?", "", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[c-a]x", "bx", true)]
    [InlineData("[^a-c]x", "bx", false)]
    [InlineData("[^a-c]x", "dx", true)]
    [InlineData("[abc]", "d", false)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "a", false)]
    [InlineData("[\\]]", "]", true)]
    [InlineData("[a", "a", true)]
    [InlineData("A", "a", false)]
    public void Pattern_AndText_MatchAsInRedis(string pattern, string text, bool matches) =>
        Assert.Equal(matches, GlobPattern.Matches(Encoding.Latin1.GetBytes(pattern), Encoding.Latin1.GetBytes(text)));

    [Fact]
    public void Pattern_OfManyStars_IsNotExponential() =>
        Assert.False(GlobPattern.Matches(Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("*a", 1_000)) + "b"), Encoding.Latin1.GetBytes(new string('a', 5_000))));
}
