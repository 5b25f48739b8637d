using System.Security.Cryptography;

namespace OrleansSessions.Contracts.Tests;

public sealed class UserKeyTests
{
    private static readonly byte[] Secret = SHA256.HashData("a secret"u8);

    /// <summary>The key is part of the storage format: another one would lose the list of every user.</summary>
    [Fact]
    public void Key_OfAUser_IsForEverTheSame() => Assert.Equal("CvzerhgSE8DWdqgmGvYVkjmc4qlJZa0ex2qi12k7qmY", UserKey.For(Secret, "shop", "ada@example.com").Value);

    [Fact]
    public void Key_DependsOnSecretNamespaceAndUser()
    {
        UserKey[] keys =
        [
            UserKey.For(Secret, "shop", "ada"),
            UserKey.For(SHA256.HashData(Secret), "shop", "ada"),
            UserKey.For(Secret, "sho", "pada"),
            UserKey.For(Secret, "shop", "eve"),
        ];

        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.All(keys, static key => Assert.True(UserKey.IsValid(key.Value)));
    }

    [Theory]
    [InlineData(31, "shop", "ada")]
    [InlineData(32, "sh\0op", "ada")]
    [InlineData(32, "shop", "")]
    public void Key_OfAShortSecretOrNoUser_IsRefused(int secretBytes, string sessionNamespace, string userId) =>
        Assert.ThrowsAny<ArgumentException>(() => UserKey.For(new byte[secretBytes], sessionNamespace, userId));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ada@example.com")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void Text_OfAnotherForm_IsNoKey(string? text) => Assert.False(UserKey.IsValid(text));

    [Theory]
    [InlineData("", 3, null)]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "abc")]
    [InlineData("ab\U0001F600", 3, "ab")]
    public void Text_TooLong_IsCutBetweenCharacters(string text, int length, string? expected) => Assert.Equal(expected, SessionDevice.Cut(text, length));
}
