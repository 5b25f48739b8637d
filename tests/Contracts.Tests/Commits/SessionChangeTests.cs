namespace OrleansSessions.Contracts.Tests.Commits;

public sealed class SessionChangeTests
{
    [Theory]
    [MemberData(nameof(HalfPairs))]
    public void Change_NameThatUtf8CannotWrite_IsRefusedBeforeItIsSent(string name)
    {
        // Serialization would change the name.
        Assert.Throws<ArgumentException>(() => SessionChange.Set(name, []));
        Assert.Throws<ArgumentException>(() => SessionChange.Remove(name));
        Assert.Throws<ArgumentException>(() => SessionChange.Add(name, 1));
        Assert.Throws<ArgumentException>(() => SessionChange.SetIfVersion(name, [], EntryFormat.Bytes, expectedVersion: 0));
    }

    /// <summary>Unpaired surrogates, before and after another character, and a pair in the wrong order.</summary>
    public static TheoryData<string> HalfPairs() => ["\ud83d", "x\ude00", "\ude00\ud83d", "\ud83dx"];

    [Fact]
    public void Change_NullName_IsRefused() => Assert.Throws<ArgumentNullException>(() => SessionChange.Set(null!, []));

    [Fact]
    public void Change_PairInAName_IsKept() => Assert.Equal("😀", SessionChange.Set("😀", []).Name);
}
