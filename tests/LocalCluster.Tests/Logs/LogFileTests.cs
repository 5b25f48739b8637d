using Microsoft.Extensions.Time.Testing;
using OrleansSessions.LocalCluster.Logs;

namespace OrleansSessions.LocalCluster.Tests.Logs;

public sealed class LogFileTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();

    [Fact]
    public void LogFile_ManyLines_KeepsTheLatestInMemory()
    {
        using var log = Open();

        for (var i = 0; i < 100; i++)
        {
            log.WriteLine($"line {i}");
        }

        Assert.Equal("line 99", log.Tail[^1]);
        Assert.InRange(log.Tail.Count, 5, 50);
    }

    [Fact]
    public void LogFile_OpenedAgain_KeepsTheOneBefore()
    {
        using (var log = Open())
        {
            log.WriteLine("first run");
        }

        using (var log = Open())
        {
            log.WriteLine("second run");
        }

        Assert.Contains("first run", File.ReadAllText(_temporary.File("silo-1.previous.log")));
        Assert.DoesNotContain("first run", File.ReadAllText(_temporary.File("silo-1.log")));
    }

    [Fact]
    public void LogFile_GrowsWithoutEnd_KeepsTwoFilesOfBoundedSize()
    {
        using var log = Open();
        var line = new string('x', 1024 * 1024);

        for (var i = 0; i < 40; i++)
        {
            log.WriteLine(line);
        }

        var files = new DirectoryInfo(_temporary.Path).GetFiles();
        Assert.Equal(["silo-1.log", "silo-1.previous.log"], files.Select(file => file.Name).Order());
        Assert.All(files, file => Assert.InRange(file.Length, 1, 18 * 1024 * 1024));
    }

    [Fact]
    public void LogFile_WrittenAfterItsEnd_IgnoresTheLine()
    {
        var log = Open();
        log.Dispose();

        log.WriteLine("late");

        Assert.DoesNotContain("late", File.ReadAllText(_temporary.File("silo-1.log")));
    }

    public void Dispose() => _temporary.Dispose();

    private LogFile Open() => new(_temporary.File("silo-1.log"), new FakeTimeProvider());
}
