using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using OrleansSessions.Connectivity.Redis;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Storage;

/// <summary>
/// Storage of sessions: Orleans' Redis storage with the expiry index, encryption, spans, metrics and typed failures.
/// </summary>
/// <remarks>
/// A new deadline is sent to the index before the state and awaited with it. One server runs the commands of one connection in order, so no crash leaves a state that
/// is missing from the index. Where keys are on several servers (Redis Cluster), the index must answer first.
/// </remarks>
internal sealed class SessionGrainStorage : IGrainStorage
{
    /// <summary>The name of this storage.</summary>
    public const string Name = "sessions";

    private const string NotRead = "The session is not available: Redis can't be reached. Nothing acknowledged is lost; try again later.";
    private const string NotStored = "The session can't be stored: Redis did not answer. Nothing acknowledged is lost; try again later.";

    private readonly IGrainStorage _redis;
    private readonly RedisConnection _connection;
    private readonly RedisCalls _calls;
    private readonly DeadlineIndex _index;
    private readonly SessionBytes _bytes;
    private readonly Func<GrainId, ReadOnlyMemory<byte>, SessionState> _read;

    public SessionGrainStorage(
        [FromKeyedServices(RedisStorageProvider.Name)] IGrainStorage redis, RedisConnection connection, RedisCalls calls, DeadlineIndex index, SessionBytes bytes)
    {
        _redis = redis;
        _connection = connection;
        _calls = calls;
        _index = index;
        _bytes = bytes;
        _read = bytes.Read;
    }

    /// <exception cref="SessionUnavailableException">Redis can't be reached.</exception>
    /// <exception cref="InvalidDataException">The stored bytes are not this session.</exception>
    /// <exception cref="SessionEncryptionException">The silo's key ring does not allow the session to be read.</exception>
    /// <exception cref="NotSupportedException">A newer version stored the session.</exception>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        _calls.RunAsync(
            StorageOperation.Read,
            NotRead,
            static (_, call) => call.Storage.ReadAsync(call.StateName, call.GrainId, call.Record),
            (Storage: this, StateName: stateName, GrainId: grainId, Record: RecordOf(grainState)));

    /// <exception cref="SessionUnavailableException">Redis did not answer; it may still have stored the state.</exception>
    /// <exception cref="InconsistentStateException">Redis has a different state than the one that was read.</exception>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        _calls.RunAsync(
            StorageOperation.Write,
            NotStored,
            static (_, call) => call.Record.NewDeadlineMs > 0
                ? call.Storage.WriteAndScheduleAsync(call.StateName, call.GrainId, call.Record)
                : call.Storage.WriteAsync(call.StateName, call.GrainId, call.Record),
            (Storage: this, StateName: stateName, GrainId: grainId, Record: RecordOf(grainState)));

    /// <summary>Deletes the state. Its index entry stays: it may be removed only after the state, by a caller that knows its deadline.</summary>
    /// <exception cref="SessionUnavailableException">Redis did not answer; the state may still have been deleted.</exception>
    /// <exception cref="InconsistentStateException">Redis has a different state than the one that was read.</exception>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        _calls.RunAsync(
            StorageOperation.Delete,
            NotStored,
            static (_, call) => call.Storage.DeleteAsync(call.StateName, call.GrainId, call.Record),
            (Storage: this, StateName: stateName, GrainId: grainId, Record: RecordOf(grainState)));

    private static SessionRecord RecordOf<T>(IGrainState<T> state) =>
        state as SessionRecord ?? throw new NotSupportedException($"The storage '{Name}' keeps sessions only. Configure another one for {typeof(T)}.");

    private async Task<bool> ReadAsync(string stateName, GrainId grainId, SessionRecord record)
    {
        bool exists = await ProviderCalls.ReadAsync(_redis, stateName, grainId, record, _read);
        if (!exists)
        {
            record.State = SessionState.None;
        }

        return exists;
    }

    private async Task<bool> WriteAndScheduleAsync(string stateName, GrainId grainId, SessionRecord record)
    {
        bool creates = record.ETag is null;

        // Sent before the state: nothing waits before the connection, which was open when the provider started.
        Task scheduled = ScheduleAsync(grainId, record, record.IsKnownToBeAbsent);
        if (_connection.IsSharded)
        {
            await scheduled;
        }

        try
        {
            await WriteAsync(stateName, grainId, record);
        }
        catch
        {
            // The caller needs the write's failure. The sweep removes an entry without a state.
            scheduled.Ignore();
            throw;
        }

        try
        {
            await scheduled;
        }
        catch (Exception exception) when (exception is SessionUnavailableException or OperationCanceledException)
        {
            await ScheduleStoredAsync(stateName, grainId, record, creates);
        }

        return true;
    }

    /// <summary>Handles a refused index entry whose state was stored: retries the entry, or deletes a new state.</summary>
    private async Task ScheduleStoredAsync(string stateName, GrainId grainId, SessionRecord record, bool wasCreated)
    {
        try
        {
            await ScheduleAsync(grainId, record, wasCreated);
        }
        catch (Exception exception) when (wasCreated && exception is (SessionUnavailableException or OperationCanceledException))
        {
            await DeleteAsync(stateName, grainId, record);
            throw;
        }
    }

    private Task ScheduleAsync(GrainId grainId, SessionRecord record, bool replaces) => replaces
        ? _index.RescheduleAsync(grainId.Key, record.NewDeadlineMs)
        : _index.ScheduleAsync(grainId.Key, record.NewDeadlineMs);

    private Task<bool> WriteAsync(string stateName, GrainId grainId, SessionRecord record) =>
        ProviderCalls.WriteAsync(_redis, stateName, grainId, record, _bytes.Write(grainId, record.State));

    private async Task<bool> DeleteAsync(string stateName, GrainId grainId, SessionRecord record)
    {
        await ProviderCalls.ClearAsync(_redis, stateName, grainId, record);
        record.State = SessionState.None;
        return true;
    }
}
