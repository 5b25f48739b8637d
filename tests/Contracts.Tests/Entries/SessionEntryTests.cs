using System.Text;
using CsCheck;

namespace OrleansSessions.Contracts.Tests.Entries;

public sealed class SessionEntryTests
{
    [Theory]
    [InlineData("cart")]
    [InlineData(" ")]
    [InlineData("naïve.key:1/2")]
    [InlineData("ключ")]
    [InlineData("😀")]
    [InlineData("\u00a0")]
    [InlineData("\u200d")]
    [InlineData("\ufffe")]
    public void IsValidName_Text_IsTrue(string name) => Assert.True(SessionEntry.IsValidName(name));

    [Theory]
    [MemberData(nameof(BadNames))]
    public void IsValidName_InvalidName_IsFalse(string name) => Assert.False(SessionEntry.IsValidName(name));

    /// <summary>Empty, control characters of both ranges, and unpaired surrogates: alone, next to other characters, and in the wrong order.</summary>
    public static TheoryData<string> BadNames() =>
    [
        "", "\0", "a\nb", "tab\t", "\u001f", "\u007f", "\u0080", "\u009f", "\ud83d", "\ude00", "x\ude00", "\ud83dx", "\ude00\ud83d", "😀\ud83d",
    ];

    /// <summary>A name that UTF-8 can't express would reach the cluster as a different one.</summary>
    [Fact]
    public void IsValidName_AnyText_IsFalseIfUtf8WouldChangeIt() =>
        Gen.OneOf(Gen.String[0, 20], Gen.String[Gen.Char['\ud700', '\ue0ff'], 0, 4]).Sample(name =>
            SessionEntry.IsValidName(name) == (name.Length > 0 && !name.Any(char.IsControl) && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)) == name));
}
