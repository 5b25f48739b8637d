using OrleansSessions.LocalCluster.Failures;
using OrleansSessions.LocalCluster.Store;

namespace OrleansSessions.LocalCluster.Tests.Store;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();

    [Fact]
    public void DataDirectory_HeldByAnother_IsRefusedAndNamed()
    {
        using var first = DataDirectory.Open(_temporary.File("data"));

        var refusal = Assert.Throws<ClusterStartException>(() => DataDirectory.Open(_temporary.File("data")));

        Assert.Contains("in use", refusal.Message);
        Assert.Contains(_temporary.File("data"), refusal.Message);
    }

    [Fact]
    public void DataDirectory_LetGo_CanBeOpenedAgain()
    {
        DataDirectory.Open(_temporary.File("data")).Dispose();

        using var again = DataDirectory.Open(_temporary.File("data"));

        Assert.True(Directory.Exists(again.Store));
        Assert.True(Directory.Exists(again.Logs));
    }

    [Fact]
    public void DataDirectory_Created_IsTheUsersOwn()
    {
        using var data = DataDirectory.Open(_temporary.File("data"));

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data.Path));
        }
    }

    [Fact]
    public void DataDirectory_OpenedAgain_KeepsItsUserKeySecret()
    {
        string secret;
        using (var first = DataDirectory.Open(_temporary.File("data")))
        {
            secret = File.ReadAllText(first.UserKeySecret);
        }

        using var again = DataDirectory.Open(_temporary.File("data"));
        using var other = DataDirectory.Open(_temporary.File("other"));

        Assert.Equal(32, Convert.FromBase64String(secret).Length);
        Assert.Equal(secret, File.ReadAllText(again.UserKeySecret));
        Assert.NotEqual(secret, File.ReadAllText(other.UserKeySecret));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(again.UserKeySecret));
        }
    }

    [Fact]
    public void DataDirectory_IsAFile_IsRefusedAndNamed()
    {
        File.WriteAllText(_temporary.File("file"), "");

        var refusal = Assert.Throws<ClusterStartException>(() => DataDirectory.Open(_temporary.File("file")));

        Assert.Contains(_temporary.File("file"), refusal.Message);
    }

    public void Dispose() => _temporary.Dispose();
}
