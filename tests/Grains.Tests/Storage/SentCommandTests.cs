using OrleansSessions.Grains.Storage;
using StackExchange.Redis;

namespace OrleansSessions.Grains.Tests.Storage;

public sealed class SentCommandTests
{
    [Fact]
    public void Failure_CommandFailed_IsItsException()
    {
        SentCommand sent = SentCommand.Watch();
        var exception = new RedisTimeoutException("late", CommandStatus.Sent);

        sent.Note(Task.FromException(exception));

        Assert.Same(exception, sent.Failure);
    }

    /// <summary>StackExchange.Redis cancels a command if its connection is lost before it is written.</summary>
    [Fact]
    public void Failure_CommandCancelled_IsACancellation()
    {
        SentCommand sent = SentCommand.Watch();

        sent.Note(Task.FromCanceled(new CancellationToken(canceled: true)));

        Assert.IsType<TaskCanceledException>(sent.Failure);
    }

    [Fact]
    public void Failure_CommandAnswered_IsNone()
    {
        SentCommand sent = SentCommand.Watch();

        sent.Note(Task.FromResult<HashEntry[]>([new("etag", "1")]));

        Assert.Null(sent.Failure);
    }

    [Theory]
    [InlineData(false, "NOSCRIPT No matching script.", true)]
    [InlineData(false, "READONLY You can't write against a read only replica.", false)]
    [InlineData(true, "NOSCRIPT No matching script.", false)]
    public void MissedItsScript_Refusal_IsForAScriptThatWasCalledByItsHash(bool hasScriptText, string refusal, bool expected)
    {
        SentCommand sent = SentCommand.Watch(hasScriptText);

        sent.Note(Task.FromException(new RedisServerException(refusal)));

        Assert.Equal(expected, sent.MissedItsScript);
    }

    [Fact]
    public void TakeWatching_NextCommand_IsTakenOnceAndOnTheSameThread()
    {
        SentCommand sent = SentCommand.Watch();

        SentCommand? elsewhere = null;
        var thread = new Thread(() => elsewhere = SentCommand.TakeWatching());
        thread.Start();
        thread.Join();

        Assert.Null(elsewhere);
        Assert.Same(sent, SentCommand.TakeWatching());
        Assert.Null(SentCommand.TakeWatching());
    }
}
