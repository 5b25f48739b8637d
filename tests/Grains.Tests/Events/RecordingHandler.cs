using System.Collections.Concurrent;
using OrleansSessions.Grains.Events;

namespace OrleansSessions.Grains.Tests.Events;

/// <summary>Application's handler that records its calls, and fails on request.</summary>
internal sealed class RecordingHandler : ISessionEventHandler
{
    private readonly ConcurrentQueue<SessionCreated> _created = new();
    private readonly ConcurrentQueue<SessionEnded> _ended = new();
    private readonly ConcurrentQueue<SessionTokenReused> _reused = new();
    private readonly ConcurrentQueue<SessionSignedIn> _signedIn = new();
    private readonly ConcurrentQueue<SessionRotated> _rotated = new();
    private readonly ConcurrentDictionary<string, int> _failures = new();

    public IReadOnlyList<SessionCreated> Created(Guid incarnation) => [.. _created.Where(created => created.Incarnation == incarnation)];

    public IReadOnlyList<SessionEnded> Ended(Guid incarnation) => [.. _ended.Where(ended => ended.Incarnation == incarnation)];

    public IReadOnlyList<SessionTokenReused> Reused(Guid incarnation) => [.. _reused.Where(reused => reused.Incarnation == incarnation)];

    public IReadOnlyList<SessionSignedIn> SignedIn(Guid incarnation) => [.. _signedIn.Where(signedIn => signedIn.Incarnation == incarnation)];

    public IReadOnlyList<SessionRotated> Rotated(Guid incarnation) => [.. _rotated.Where(rotated => rotated.Incarnation == incarnation)];

    /// <summary>The events of an incarnation in order of arrival.</summary>
    public ConcurrentQueue<(string SessionKey, Guid Incarnation, string Event)> Order { get; } = new();

    /// <summary>Makes the next calls for a session throw after recording them.</summary>
    public void FailNext(string sessionKey, int times = 1) => _failures[sessionKey] = times;

    public ValueTask OnCreatedAsync(SessionCreated created, CancellationToken cancellationToken)
    {
        _created.Enqueue(created);
        Order.Enqueue((created.SessionKey, created.Incarnation, "created"));
        return FailIfWanted(created.SessionKey);
    }

    public ValueTask OnEndedAsync(SessionEnded ended, CancellationToken cancellationToken)
    {
        _ended.Enqueue(ended);
        Order.Enqueue((ended.SessionKey, ended.Incarnation, "ended"));
        return FailIfWanted(ended.SessionKey);
    }

    public ValueTask OnTokenReusedAsync(SessionTokenReused reused, CancellationToken cancellationToken)
    {
        _reused.Enqueue(reused);
        return FailIfWanted(reused.SessionKey);
    }

    public ValueTask OnSignedInAsync(SessionSignedIn signedIn, CancellationToken cancellationToken)
    {
        _signedIn.Enqueue(signedIn);
        return FailIfWanted(signedIn.SessionKey);
    }

    public ValueTask OnRotatedAsync(SessionRotated rotated, CancellationToken cancellationToken)
    {
        _rotated.Enqueue(rotated);
        return FailIfWanted(rotated.SessionKey);
    }

    private ValueTask FailIfWanted(string sessionKey)
    {
        bool fails = false;
        _failures.AddOrUpdate(sessionKey, 0, (_, left) =>
        {
            fails = left > 0;
            return Math.Max(0, left - 1);
        });
        return fails ? throw new InvalidOperationException("The handler fails, as the test wants it to.") : ValueTask.CompletedTask;
    }
}
