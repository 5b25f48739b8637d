using OrleansSessions.Grains.Events;

namespace OrleansSessions.Testing.Tests;

/// <summary>Session event handler that hands the first end to the test.</summary>
internal sealed class EndedSessions : ISessionEventHandler
{
    private readonly TaskCompletionSource<SessionEnded> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<SessionEnded> First => _first.Task;

    public ValueTask OnCreatedAsync(SessionCreated created, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask OnEndedAsync(SessionEnded ended, CancellationToken cancellationToken)
    {
        _first.TrySetResult(ended);
        return ValueTask.CompletedTask;
    }
}
