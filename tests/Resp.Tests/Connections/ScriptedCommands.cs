using OrleansSessions.Contracts;
using OrleansSessions.Resp.Commands;
using OrleansSessions.Resp.Protocol.Replies;

namespace OrleansSessions.Resp.Tests.Connections;

/// <summary>Commands whose course a test decides.</summary>
internal sealed class ScriptedCommands : ICommandGroup
{
    public const int BigBytes = 1024 * 1024;

    public const string Secret = "what-nobody-may-read";

    private static readonly Reply Big = Reply.Bulk(new byte[BigBytes]);

    private readonly TaskCompletionSource _holding = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _bigReplies;

    public IEnumerable<RespCommandDefinition> Commands =>
    [
        new("HOLD", 1, CommandFlags.None, HoldAsync),
        new("BIG", 1, CommandFlags.None, _ =>
        {
            Interlocked.Increment(ref _bigReplies);
            return Big;
        }),
        new("FAIL", -1, CommandFlags.None, Reply (_) => throw new InvalidOperationException(Secret, new ArgumentException(Secret))),
        new("AWAY", 1, CommandFlags.None, Reply (_) => throw new SessionUnavailableException("Redis is away.\nTry again.")),
    ];

    /// <summary>The number of times that BIG was run.</summary>
    public int BigReplies => Volatile.Read(ref _bigReplies);

    /// <summary>HOLD has begun.</summary>
    public Task Holding => _holding.Task;

    /// <summary>Lets HOLD answer.</summary>
    public void Release() => _released.SetResult();

    private async ValueTask<Reply> HoldAsync(RespContext context)
    {
        _holding.TrySetResult();
        await _released.Task.WaitAsync(context.Aborted);
        return Reply.Bulk("held");
    }
}
