using System.Text;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Sessions;

/// <summary>Sessions kept as one value, and commits that depend on the shape or set the deadline.</summary>
[Collection(typeof(ClusterCollection))]
public sealed class ValueTests(ClusterFixture fixture)
{
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly string _key = SessionTestCluster.NewKey();

    [Fact]
    public async Task Value_Set_StandsBesideEntriesOfAnyName()
    {
        await _frontend.ApplyAsync(_key, SessionChange.SetValue("whole"u8.ToArray()), SessionChange.SetShape(SessionShape.Blob));
        await _frontend.ApplyAsync(_key, Entries.Set("payload", "1"));

        SessionSnapshot session = await _frontend.SnapshotAsync(_key);

        Assert.Equal(["", "payload"], session.Entries.Select(static entry => entry.Name));
        Assert.Equal("whole"u8, session.Entries[0].Value);
        Assert.Equal(CommitOutcome.InvalidName, (await _frontend.CommitAsync(_key, SessionChange.Set("", [1]))).Outcome);
        Assert.Equal(CommitOutcome.InvalidName, (await _frontend.CommitAsync(_key, SessionChange.Remove(""))).Outcome);
        await _frontend.ApplyAsync(_key, SessionChange.RemoveValue());
        Assert.Equal(["payload"], (await _frontend.SnapshotAsync(_key)).Entries.Select(static entry => entry.Name));
    }

    [Fact]
    public async Task Value_AddedTo_IsTheSum()
    {
        Assert.Equal([5], (await _frontend.ApplyAsync(_key, SessionChange.AddToValue(5))).Numbers);
        Assert.Equal([3], (await _frontend.ApplyAsync(_key, SessionChange.AddToValue(-2))).Numbers);

        SessionEntry value = Assert.Single((await _frontend.SnapshotAsync(_key)).Entries);
        Assert.Equal((EntryFormat.Bytes, "3"), (value.Format, Encoding.UTF8.GetString(value.Value)));
    }

    [Theory]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData("-0")]
    [InlineData("00")]
    public async Task Value_ThatIsNoNumberAsRedisWritesIt_IsNotAddedTo(string value)
    {
        await _frontend.ApplyAsync(_key, SessionChange.SetValue(Encoding.UTF8.GetBytes(value)));

        Assert.Equal(CommitOutcome.NotANumber, (await _frontend.CommitAsync(_key, SessionChange.AddToValue(1))).Outcome);
    }

    [Fact]
    public async Task Commit_ForAnotherShape_IsAConflictAndChangesNothing()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"), SessionChange.SetShape(SessionShape.Hash));

        CommitResult other = await _frontend.CommitAsync(_key, SessionChange.ExpectShape(SessionShape.Blob), Entries.Set("a", "2"));
        CommitResult same = await _frontend.CommitAsync(_key, SessionChange.ExpectShape(SessionShape.Hash), Entries.Set("b", "3"));

        Assert.Equal((CommitOutcome.Conflict, CommitOutcome.Applied), (other.Outcome, same.Outcome));
        Assert.Equal(["a=1", "b=3"], (await _frontend.SnapshotAsync(_key)).Entries.Text());
    }

    [Fact]
    public async Task Deadline_Set_IsThatTimeAndStaysIfACommitIsNoUse()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        DateTimeOffset deadline = DateTimeOffset.FromUnixTimeMilliseconds((await _frontend.SnapshotAsync(_key)).ExpiresAt.ToUnixTimeMilliseconds() + 123_457);

        await _frontend.ApplyAsync(_key, SessionChange.SetDeadline(deadline));
        Assert.Equal(deadline, (await _frontend.SnapshotAsync(_key)).ExpiresAt);
        await _frontend.ApplyAsync(_key, Entries.Set("a", "2"), SessionChange.KeepDeadline());

        Assert.Equal(deadline, (await _frontend.SnapshotAsync(_key)).ExpiresAt);
    }

    [Fact]
    public async Task Deadline_Passed_EndsTheSession()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));

        await _frontend.CommitAsync(_key, SessionChange.SetDeadline(DateTimeOffset.UnixEpoch));

        Assert.Null((await _frontend.LoadAsync(_key)).Snapshot);
    }
}
