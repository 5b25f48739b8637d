using Orleans.Storage;
using OrleansSessions.Grains.Sessions;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Users;

/// <summary>
/// Changes of a user's list, decided and stored under a lock. Those that wait for the lock are stored together: many sessions may end at once, and the list is written
/// whole.
/// </summary>
/// <param name="store">The silo's access to lists.</param>
/// <param name="list">The list.</param>
/// <param name="replace">Called when another activation has stored the list.</param>
internal sealed class ListChanges(UserStore store, StoredUserSessions list, Action replace)
{
    private readonly List<WaitingChange> _waiting = [];
    private TurnLock _lock;

    /// <summary>Changes and stores the list. A caller that repeats a failed change decides again, on the stored list.</summary>
    /// <returns>The list after the changes that were stored together.</returns>
    public async Task<UserSessionsState> RunAsync(Func<UserSessionsState, UserSessionsState> change)
    {
        await store.EnsureLeaseAsync();
        var waiting = new WaitingChange(change);
        _waiting.Add(waiting);
        await _lock.WaitAsync();
        try
        {
            if (!waiting.IsDecided)
            {
                await StoreWaitingAsync();
            }
        }
        finally
        {
            _lock.Release();
        }

        return await waiting.Task;
    }

    /// <summary>Decides all waiting changes.</summary>
    private async Task StoreWaitingAsync()
    {
        WaitingChange[] changes = [];
        try
        {
            await list.EnsureKnownAsync();
            changes = TakeWaiting();
            UserSessionsState next = list.Current;
            foreach (WaitingChange change in changes)
            {
                next = change.ApplyTo(next);
            }

            if (!ReferenceEquals(next, list.Current))
            {
                await list.StoreAsync(next);
            }

            Array.ForEach(changes, change => change.TrySetResult(next));
        }
        catch (Exception exception)
        {
            if (exception is InconsistentStateException)
            {
                replace();
            }

            Array.ForEach([.. changes, .. TakeWaiting()], change => change.TrySetException(exception));
        }
    }

    private WaitingChange[] TakeWaiting()
    {
        WaitingChange[] taken = [.. _waiting];
        _waiting.Clear();
        return taken;
    }
}
