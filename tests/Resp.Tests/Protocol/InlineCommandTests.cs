using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Tests.Protocol;

/// <summary>Redis' rules for inline commands.</summary>
public sealed class InlineCommandTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" \t ", "")]
    [InlineData("  GET  a\t", "GET|a")]
    [InlineData("GET \"a b\" 'c d'", "GET|a b|c d")]
    [InlineData("a\"b c\"", "ab c")]
    [InlineData("\"\\n\\r\\t\\b\\a\\\\\\\"\\q\\x7a\\x7\"", "\n\r\t\b\a\\\"qzx7")]
    [InlineData("'\\n\\''", "\\n'")]
    [InlineData("GET \"\" ''", "GET||")]
    [InlineData("GET a\0b", "GET|a")]
    public void Split_Line_GivesItsStrings(string line, string strings) =>
        Assert.Equal(strings, string.Join('|', InlineCommand.Split(Frames.Bytes(line))!.Select(Frames.Text)));

    [Theory]
    [InlineData("GET \"a")]
    [InlineData("GET 'a")]
    [InlineData("GET \"a\"b")]
    [InlineData("GET 'a'b")]
    [InlineData("GET \"a\\\"")]
    public void Split_UnbalancedQuotes_IsRefused(string line) => Assert.Null(InlineCommand.Split(Frames.Bytes(line)));
}
