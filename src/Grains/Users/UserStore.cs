using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using OrleansSessions.Grains.Leases;
using OrleansSessions.Grains.Sessions;
using OrleansSessions.Grains.Storage;

namespace OrleansSessions.Grains.Users;

/// <summary>
/// Access of the silo to stored lists of users' sessions, under the same lease as its sessions, and claimed as they are, so that no earlier activation on another silo can
/// still answer for a list or overwrite it.
/// </summary>
internal sealed class UserStore([FromKeyedServices(UserGrainStorage.Name)] IGrainStorage storage, SessionStore sessions, Predecessors predecessors)
{
    private const string StateName = "user-sessions";

    public TimeProvider Time => sessions.Time;

    /// <inheritdoc cref="SessionStore.Epoch"/>
    public int Epoch => sessions.Epoch;

    /// <inheritdoc cref="SessionStore.EnsureLeaseAsync"/>
    public ValueTask EnsureLeaseAsync() => sessions.EnsureLeaseAsync();

    /// <summary>Stores the list, or removes an empty one.</summary>
    public Task WriteAsync(StoredUserSessions list) => list.State.Sessions.IsEmpty
        ? storage.ClearStateAsync(StateName, list.Id, list)
        : storage.WriteStateAsync(StateName, list.Id, list);

    /// <summary>
    /// Reads the list once no earlier activation can answer for it. If a write of an earlier activation may still be in flight, the list is stored again under a new
    /// ETag: Redis then refuses that write, or has executed it before.
    /// </summary>
    public async Task FindAsync(StoredUserSessions list, bool isInDoubt)
    {
        Task read = ReadAsync(list);
        await sessions.ConfirmViewAsync();
        await read;
        if (await sessions.WaitForPredecessorsAsync() || (!list.RecordExists && predecessors.MustClaim))
        {
            await ReadAsync(list);
        }

        if (list.RecordExists && (isInDoubt || predecessors.MustClaim))
        {
            await ClaimAsync(list);
        }
    }

    private Task ReadAsync(StoredUserSessions list) => storage.ReadStateAsync(StateName, list.Id, list);

    private async Task ClaimAsync(StoredUserSessions list)
    {
        try
        {
            await storage.WriteStateAsync(StateName, list.Id, list);
        }
        catch (InconsistentStateException)
        {
            // A late write came first: read its result.
            await ReadAsync(list);
            if (list.RecordExists)
            {
                await storage.WriteStateAsync(StateName, list.Id, list);
            }
        }
    }
}
