using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using OrleansSessions.Grains.Configuration;
using OrleansSessions.Grains.Leases;
using OrleansSessions.Grains.Storage;

namespace OrleansSessions.Grains.Users;

/// <summary>
/// Access of the silo to stored lists of users' sessions, under the same lease as its sessions, and claimed as they are, so that no earlier activation on another silo can
/// still answer for a list or overwrite it.
/// </summary>
internal sealed class UserStore(
    [FromKeyedServices(UserGrainStorage.Name)] IGrainStorage storage, SiloLease lease, TakeOver takeOver, IOptions<SessionClusterOptions> options)
{
    private const string StateName = "user-sessions";

    public TimeProvider Time { get; } = options.Value.TimeProvider;

    /// <inheritdoc cref="SiloLease.Epoch"/>
    public int Epoch => lease.Epoch;

    /// <inheritdoc cref="SiloLease.EnsureAsync"/>
    public ValueTask EnsureLeaseAsync() => lease.EnsureAsync();

    /// <summary>Stores the list, or removes an empty one.</summary>
    public Task WriteAsync(StoredUserSessions list) => list.State.Sessions.IsEmpty
        ? storage.ClearStateAsync(StateName, list.Id, list)
        : storage.WriteStateAsync(StateName, list.Id, list);

    /// <inheritdoc cref="TakeOver.ReadAsync"/>
    public Task FindAsync(StoredUserSessions list) => takeOver.ReadAsync(storage, StateName, list.Id, list);
}
