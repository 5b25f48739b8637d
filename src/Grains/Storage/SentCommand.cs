using StackExchange.Redis;

namespace OrleansSessions.Grains.Storage;

/// <summary>
/// Command sent by a call to Orleans' Redis storage. The storage throws a <c>RedisStorageException</c> without its cause; the command still has it.
/// </summary>
internal sealed class SentCommand
{
    [ThreadStatic]
    private static SentCommand? _watching;

    private Task? _command;

    private SentCommand(bool hasScriptText) => HasScriptText = hasScriptText;

    /// <summary>Whether a script is sent in a way that also tells it to a server which does not know it.</summary>
    public bool HasScriptText { get; }

    /// <summary>
    /// Why the command failed; null if it was answered. A command whose connection was lost before it was sent is cancelled: the call may be retried.
    /// </summary>
    public Exception? Failure => _command is { IsCanceled: true } cancelled ? new TaskCanceledException(cancelled) : _command?.Exception?.InnerException;

    /// <summary>Whether the server did nothing because it does not know the script.</summary>
    public bool MissedItsScript =>
        !HasScriptText && Failure is RedisServerException exception && exception.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal);

    /// <summary>Watches the command that the next call of the storage sends. It sends it on the caller's thread, before it waits for anything.</summary>
    public static SentCommand Watch(bool hasScriptText = false) => _watching = new SentCommand(hasScriptText);

    /// <summary>The one that waits for a command of this thread. It waits no longer: each call sends one command.</summary>
    public static SentCommand? TakeWatching()
    {
        SentCommand? watching = _watching;
        _watching = null;
        return watching;
    }

    public void Note(Task command) => _command = command;
}
