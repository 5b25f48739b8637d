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

        SentCommand.Note(Task.FromException(exception));

        Assert.Same(exception, sent.Failure);
    }

    /// <summary>StackExchange.Redis cancels a command if its connection is lost before it is written.</summary>
    [Fact]
    public void Failure_CommandCancelled_IsACancellation()
    {
        SentCommand sent = SentCommand.Watch();

        SentCommand.Note(Task.FromCanceled(new CancellationToken(canceled: true)));

        Assert.IsType<TaskCanceledException>(sent.Failure);
    }

    [Fact]
    public void Failure_CommandAnswered_IsNone()
    {
        SentCommand sent = SentCommand.Watch();
        HashEntry[] fields = [new("etag", "1")];

        SentCommand.Note(Task.FromResult(fields));

        Assert.Null(sent.Failure);
        Assert.Same(fields, sent.Read);
    }
}
