using System.Diagnostics;
using StackExchange.Redis;

namespace OrleansSessions.Grains.Storage;

/// <summary>
/// Command sent by a call to Orleans' Redis storage. The storage throws a <c>RedisStorageException</c> without its cause; the command still has it.
/// </summary>
internal sealed class SentCommand
{
    private static readonly AsyncLocal<SentCommand?> Watching = new();

    private Task? _command;

    /// <summary>
    /// Why the command failed; null if it was answered. A command whose connection was lost before it was sent is cancelled: the call may be retried.
    /// </summary>
    public Exception? Failure => _command is { IsCanceled: true } cancelled ? new TaskCanceledException(cancelled) : _command?.Exception?.InnerException;

    /// <summary>The answer to a read; null if there is none.</summary>
    public HashEntry[]? Read => _command is Task<HashEntry[]> { IsCompletedSuccessfully: true } read ? read.Result : null;

    /// <summary>Watches the command that the calling method's next call sends.</summary>
    public static SentCommand Watch() => Watching.Value = new SentCommand();

    /// <summary>Takes note of a command.</summary>
    public static void Note(Task command)
    {
        if (Watching.Value is { } watcher)
        {
            Debug.Assert(watcher._command is null, "Orleans' Redis storage sends one command a call.");
            watcher._command = command;
        }
    }
}
