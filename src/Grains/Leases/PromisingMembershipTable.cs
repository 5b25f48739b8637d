using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansSessions.Grains.Leases;

/// <summary>
/// Orleans' membership table with two differences. A declaration of death that a promise forbids is answered like a write that lost a race, and retried later. And a
/// silo that leaves while Redis is away gives up announcing it soon, where Orleans would try for two minutes; the others find it dead, as after a crash.
/// </summary>
internal sealed partial class PromisingMembershipTable(
    IMembershipTable inner, LeasePromises promises, ILocalSiloDetails silo, IHostApplicationLifetime application, ILogger<PromisingMembershipTable> logger) : IMembershipTable
{
    /// <summary>Time limit for Redis when a silo leaves.</summary>
    private static readonly TimeSpan LeavingPatience = TimeSpan.FromSeconds(1);

    private MembershipTableData? _last;

    private bool IsLeaving => application.ApplicationStopping.IsCancellationRequested;

    public Task InitializeMembershipTable(bool tryInitTableVersion) => InitializeMembershipTableAsync(tryInitTableVersion, CancellationToken.None);

    public Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken) =>
        inner.InitializeMembershipTableAsync(tryInitTableVersion, cancellationToken);

    public Task DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId, CancellationToken.None);

    public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken) =>
        inner.DeleteMembershipTableEntriesAsync(clusterId, cancellationToken);

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate, CancellationToken.None);

    public Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken) =>
        inner.CleanupDefunctSiloEntriesAsync(beforeDate, cancellationToken);

    public Task<MembershipTableData> ReadRow(SiloAddress key) => ReadRowAsync(key, CancellationToken.None);

    public Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken) => inner.ReadRowAsync(key, cancellationToken);

    public Task<MembershipTableData> ReadAll() => ReadAllAsync(CancellationToken.None);

    public async Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken)
    {
        Task<MembershipTableData> read = inner.ReadAllAsync(cancellationToken);
        try
        {
            return _last = await (IsLeaving ? read.WaitAsync(LeavingPatience, cancellationToken) : read);
        }
        catch (Exception exception) when (IsLeaving && _last is not null && exception is not OperationCanceledException)
        {
            LogLeavesUnannounced(logger, exception.Message);
            return _last;
        }
    }

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => InsertRowAsync(entry, tableVersion, CancellationToken.None);

    public Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken) =>
        inner.InsertRowAsync(entry, tableVersion, cancellationToken);

    public Task UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry, CancellationToken.None);

    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken) => inner.UpdateIAmAliveAsync(entry, cancellationToken);

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => UpdateRowAsync(entry, etag, tableVersion, CancellationToken.None);

    public async Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.SiloAddress.Equals(silo.SiloAddress))
        {
            return await UpdateOwnRowAsync(entry, etag, tableVersion, cancellationToken);
        }

        if (!promises.TryBeginDeclaration(entry.SiloAddress))
        {
            return false;
        }

        bool refused = false;
        try
        {
            bool updated = await inner.UpdateRowAsync(entry, etag, tableVersion, cancellationToken);
            refused = !updated;
            return updated;
        }
        finally
        {
            promises.EndDeclaration(entry.SiloAddress, refused);
        }
    }

    private async Task<bool> UpdateOwnRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken)
    {
        Task<bool> update = inner.UpdateRowAsync(entry, etag, tableVersion, cancellationToken);
        try
        {
            return await (IsLeaving ? update.WaitAsync(LeavingPatience, cancellationToken) : update);
        }
        catch (Exception exception) when (IsLeaving && exception is not OperationCanceledException)
        {
            LogLeavesUnannounced(logger, exception.Message);
            return true;
        }
    }

    [LoggerMessage(263, LogLevel.Warning, "The silo is leaving while Redis is away and can't announce it; the others will declare it dead. {Reason}")]
    private static partial void LogLeavesUnannounced(ILogger logger, string reason);
}
