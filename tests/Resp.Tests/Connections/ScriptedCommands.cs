using System.Collections;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Commands;
using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Tests.Connections;

/// <summary>Commands controlled by the test.</summary>
internal sealed class ScriptedCommands : ICommandGroup
{
    public const int BigBytes = 1024 * 1024;

    /// <summary>The number of large values in the reply to HUGE.</summary>
    public const int HugeReplies = 32;

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
        new("HUGE", 1, CommandFlags.None, static _ => Reply.Array([.. Enumerable.Repeat(Big, HugeReplies)])),
        new("MANY", 1, CommandFlags.None, _ => new ArrayReply(new CountedReplies(this))),
        new("FAIL", -1, CommandFlags.None, Reply (_) => throw new InvalidOperationException(Secret, new ArgumentException(Secret))),
        new("AWAY", 1, CommandFlags.None, Reply (_) => throw new SessionUnavailableException("Redis is away.\nTry again.")),
    ];

    /// <summary>The number of large values written.</summary>
    public int BigReplies => Volatile.Read(ref _bigReplies);

    /// <summary>HOLD has begun.</summary>
    public Task Holding => _holding.Task;

    /// <summary>Lets HOLD reply.</summary>
    public void Release() => _released.SetResult();

    private async ValueTask<Reply> HoldAsync(RespContext context)
    {
        _holding.TrySetResult();
        await _released.Task.WaitAsync(context.Aborted);
        return Reply.Bulk("held");
    }

    /// <summary>Reply to MANY: more than memory could hold at once.</summary>
    private sealed class CountedReplies(ScriptedCommands commands) : IReadOnlyList<Reply>
    {
        public int Count => 1_000_000;

        public Reply this[int index] => Big;

        public IEnumerator<Reply> GetEnumerator()
        {
            for (int i = 0; i < Count; i++)
            {
                Interlocked.Increment(ref commands._bigReplies);
                yield return Big;
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
