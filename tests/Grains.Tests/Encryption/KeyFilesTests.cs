using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.Connectivity.Files;
using OrleansSessions.Grains.Encryption;

namespace OrleansSessions.Grains.Tests.Encryption;

public sealed class KeyFilesTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly KeyFolder _folder = new("a", "a", "b");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Ring_OfADirectory_HasItsKeysAndTheActiveOne()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "..2026"));
        File.WriteAllText(Path.Combine(_folder.Path, ".hidden"), "no key");

        using KeyFiles files = Start();

        Assert.Equal(["a", "b"], files.Current.Ids);
        Assert.Equal("a", files.Current.Active?.Id);
    }

    [Fact]
    public void Ring_ActiveNone_HasKeysAndEncryptsNothing()
    {
        _folder.Activate("none");

        using KeyFiles files = Start();

        Assert.Equal((2, null), (files.Current.Ids.Count(), files.Current.Active));
    }

    [Fact]
    public void Change_OfTheDirectory_IsUsedFromTheNextLookOn()
    {
        using KeyFiles files = Start();
        _folder.Add("c");
        _folder.Activate("c");
        _folder.Remove("b");
        Assert.Equal("a", files.Current.Active?.Id);

        _time.Advance(FileWatch<KeyRing>.ReadInterval);

        Assert.Equal(["a", "c"], files.Current.Ids);
        Assert.Equal("c", files.Current.Active?.Id);
    }

    [Fact]
    public void Change_HalfDone_KeepsThePreviousRing()
    {
        using KeyFiles files = Start();
        _folder.Activate("c");
        _time.Advance(FileWatch<KeyRing>.ReadInterval);
        Assert.Equal("a", files.Current.Active?.Id);

        _folder.Add("c");
        _time.Advance(FileWatch<KeyRing>.ReadInterval);
        Assert.Equal("c", files.Current.Active?.Id);
    }

    [Fact]
    public void Change_ToNoKeyWhilePlainIsForbidden_KeepsThePreviousRing()
    {
        using KeyFiles files = Start(allowsPlain: false);
        _folder.Activate(KeyRing.NoKey);
        _time.Advance(FileWatch<KeyRing>.ReadInterval);

        Assert.Equal("a", files.Current.Active?.Id);
    }

    [Fact]
    public void Options_NoKeyWhilePlainIsForbidden_AreRefused()
    {
        _folder.Activate(KeyRing.NoKey);

        Assert.Contains("AllowPlain", Assert.Single(Validate(new() { KeyDirectory = _folder.Path, AllowPlain = false })), StringComparison.Ordinal);
        Assert.Empty(Validate(new() { KeyDirectory = _folder.Path }));
    }

    [Fact]
    public void Change_DirectoryGone_KeepsTheKeys()
    {
        using KeyFiles files = Start();
        _folder.Dispose();
        _time.Advance(FileWatch<KeyRing>.ReadInterval);
        Directory.CreateDirectory(_folder.Path);

        Assert.Equal("a", files.Current.Active?.Id);
    }

    [Theory]
    [InlineData("short", "c2hvcnQ=", "the file 'short' must hold 32 bytes in base64")]
    [InlineData("text", "not base64!", "the file 'text' must hold 32 bytes in base64")]
    [InlineData("read me", "", "the file name 'read me' must be a key's id")]
    [InlineData("none", "", "the file name 'none' must be a key's id")]
    [InlineData("active", "z", "the file 'active' names the key 'z', which has no file")]
    [InlineData("active", "", "the file 'active' names the key '', which has no file")]
    public void Options_WrongFile_AreRefusedWithDirectoryAndFile(string name, string text, string expected)
    {
        _folder.Write(name, text);

        string failure = Assert.Single(Validate(new() { KeyDirectory = _folder.Path }));

        Assert.StartsWith($"SessionCluster:Encryption:KeyDirectory is '{_folder.Path}'; {expected}", failure, StringComparison.Ordinal);
    }

    /// <summary>A key that was copied to the next id replaces nothing.</summary>
    [Fact]
    public void Options_OneKeyUnderTwoIds_AreRefusedNamingBoth()
    {
        _folder.Write("c", _folder.Read("b") + "\n");

        string failure = Assert.Single(Validate(new() { KeyDirectory = _folder.Path }));

        Assert.Contains("the files 'b' and 'c' hold the same key", failure, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Read("b"), failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_SeveralWrongFiles_AreAllNamedAndNoKeyIsPrinted()
    {
        string secret = _folder.Read("a");
        _folder.Write("b", secret + secret);
        _folder.Remove("active");

        string[] failures = Validate(new() { KeyDirectory = _folder.Path });

        Assert.Equal(2, failures.Length);
        Assert.All(failures, failure => Assert.DoesNotContain(secret, failure, StringComparison.Ordinal));
    }

    [Fact]
    public void Options_NoDirectory_AreRefused() => Assert.NotEmpty(Validate(new() { KeyDirectory = "/no/such/directory" }));

    [Fact]
    public void Options_PlainForbiddenWithoutKeys_AreRefused() => Assert.Contains("AllowPlain", Assert.Single(Validate(new() { AllowPlain = false })), StringComparison.Ordinal);

    [Fact]
    public void Options_NothingConfigured_AreValid() => Assert.Empty(Validate(new()));

    private static string[] Validate(SessionEncryptionOptions options) => [.. new SessionEncryptionOptionsValidator().Validate(null, options).Failures ?? []];

    private KeyFiles Start(bool allowsPlain = true) => new(_folder.Path, allowsPlain, _time, NullLogger.Instance);
}
