using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Configuration;
using OrleansSessions.Grains.Sessions;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Sessions;

[Collection(typeof(ClusterCollection))]
public sealed class LimitTests(ClusterFixture fixture)
{
    private const int MaxBytes = 1024 * 1024;
    private const int MaxEntries = 1_000;
    private const int MaxNameBytes = 256;
    private const int MaxChanges = 2 * MaxEntries + 2;

    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly string _key = SessionTestCluster.NewKey();

    [Fact]
    public async Task Commit_SessionOfOneMebibyte_IsApplied()
    {
        // The name counts too.
        await _frontend.ApplyAsync(_key, SessionChange.Set("name", new byte[MaxBytes - 4]));

        Assert.Equal(MaxBytes, (await _frontend.DescribeAsync(_key))!.Bytes);
    }

    [Fact]
    public async Task Commit_OneByteOverOneMebibyte_IsRefused()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));

        await RefusedAsync(
            "session size in bytes", MaxBytes, MaxBytes + 1, SessionChange.Set("name", new byte[MaxBytes - "name".Length - "a1".Length + 1]), Entries.Set("a", "2"));
    }

    [Fact]
    public async Task Commit_AddThatGrowsOverTheLimit_IsRefused()
    {
        await _frontend.ApplyAsync(_key, SessionChange.Set("x", new byte[MaxBytes - 3]), Entries.Set("n", "9"));

        CommitResult result = await _frontend.CommitAsync(_key, SessionChange.Add("n", 1));

        Assert.Equal(CommitOutcome.LimitExceeded, result.Outcome);
        Assert.Equal("9", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task Commit_OnNewSessionOverTheLimit_CreatesNothing()
    {
        CommitResult result = await _frontend.CommitAsync(_key, SessionChange.Set("name", new byte[10 * MaxBytes]));

        Assert.Equal(CommitOutcome.LimitExceeded, result.Outcome);
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key)).Outcome);
        Assert.False(await fixture.Cluster.Store.HasStateAsync(_key));
    }

    [Fact]
    public async Task Commit_ThousandEntries_AreAppliedAndOneMoreIsRefused()
    {
        await _frontend.ApplyAsync(_key, [.. Enumerable.Range(0, MaxEntries).Select(i => Entries.Set($"{i}", ""))]);

        await RefusedAsync("number of entries", MaxEntries, MaxEntries + 1, Entries.Set("one more", ""));

        // A full session still accepts a replacement.
        await _frontend.ApplyAsync(_key, SessionChange.Remove("0"), Entries.Set("one more", ""));
    }

    [Fact]
    public async Task Commit_TwoThousandEntries_IsRefused()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));

        await RefusedAsync("number of entries", MaxEntries, 2_001, [.. Enumerable.Range(0, 2_000).Select(i => Entries.Set($"{i}", ""))]);
    }

    [Theory]
    [InlineData("n", 1)]
    [InlineData("é", 2)]
    [InlineData("€", 3)]
    [InlineData("😀", 4)]
    public async Task Commit_NameOf256Bytes_IsAppliedAndOneMoreByteIsRefused(string character, int bytes)
    {
        string longest = string.Concat(Enumerable.Repeat(character, MaxNameBytes / bytes)) + new string('x', MaxNameBytes % bytes);
        await _frontend.ApplyAsync(_key, Entries.Set(longest, "1"));

        await RefusedAsync("entry name in bytes", MaxNameBytes, MaxNameBytes + 1, Entries.Set(longest + "x", "1"));
        await RefusedAsync("entry name in bytes", MaxNameBytes, MaxNameBytes + 1, SessionChange.Add(longest + "x", 1));
    }

    [Fact]
    public async Task Commit_MostChanges_AreAppliedAndOneMoreIsRefused()
    {
        await _frontend.ApplyAsync(_key, [.. Enumerable.Repeat(SessionChange.Add("n", 1), MaxChanges)]);
        Assert.Equal($"{MaxChanges}", (await _frontend.SnapshotAsync(_key)).Text("n"));

        await RefusedAsync("number of changes in one commit", MaxChanges, MaxChanges + 1, [.. Enumerable.Repeat(SessionChange.Add("n", 1), MaxChanges + 1)]);
    }

    [Fact]
    public void Violation_AsText_NamesLimitValueAndOption() => Assert.Equal(
        "The number of entries would be 1001, and the limit is 1000 (SessionCluster:Limits:MaxEntries).",
        new LimitViolation("number of entries", 1_000, 1_001).ToString());

    [Fact]
    public void Refusals_OfManyCommits_AreLoggedAtALimitedRateWithTheSuppressedCount()
    {
        var time = new FakeTimeProvider();
        var lines = new Lines();
        var log = new LimitLog(Options.Create(new SessionClusterOptions { TimeProvider = time }), lines);
        for (int i = 0; i < 5; i++)
        {
            log.Refused(_key, new LimitViolation("session size in bytes", 10, 11));
        }

        time.Advance(TimeSpan.FromSeconds(10));
        log.Refused(_key, new LimitViolation("session size in bytes", 10, 11));

        Assert.Equal(2, lines.Count);
        Assert.Contains("limit is 10 (SessionCluster:Limits:MaxBytes)", lines[0], StringComparison.Ordinal);
        Assert.Contains("Suppressed since the last message: 4", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain(_key, lines[0], StringComparison.Ordinal);
    }

    private async Task RefusedAsync(string limit, long maximum, long actual, params SessionChange[] changes)
    {
        SessionSnapshot before = await _frontend.SnapshotAsync(_key);

        CommitResult result = await _frontend.CommitAsync(_key, changes);

        SessionSnapshot after = await _frontend.SnapshotAsync(_key);
        Assert.Equal(CommitOutcome.LimitExceeded, result.Outcome);
        Assert.Equal(new LimitViolation(limit, maximum, actual), result.Violation);
        Assert.StartsWith("SessionCluster:Limits:Max", result.Violation!.Option, StringComparison.Ordinal);
        Assert.Equal(before.Version, after.Version);
        Assert.Equal(before.Entries.Text(), after.Entries.Text());
    }

    private sealed class Lines : List<string>, ILogger<LimitLog>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Add(formatter(state, exception));
    }
}
