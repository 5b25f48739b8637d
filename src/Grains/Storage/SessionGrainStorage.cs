using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Persistence.Redis;
using Orleans.Storage;
using OrleansSessions.Connectivity.Redis;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Storage;

/// <summary>
/// The storage of sessions: Orleans' Redis storage, with the expiry index, spans and metrics, and failures of a type that says what is known.
/// </summary>
/// <remarks>
/// A deadline that is new to the index is sent before the state and awaited with it. One server runs commands of one connection in their order, so no crash leaves a
/// state that the index doesn't know. Where keys are on several servers (Redis Cluster), the index has to answer first.
/// </remarks>
internal sealed class SessionGrainStorage : IGrainStorage
{
    /// <summary>The name of this storage.</summary>
    public const string Name = "sessions";

    private const string NotRead = "The session is not available: Redis is not reachable. Nothing that was acknowledged is lost; try again later.";
    private const string NotStored = "The session can't be stored: Redis did not answer. Nothing that was acknowledged is lost; try again later.";

    private readonly IGrainStorage _redis;
    private readonly RedisConnection _connection;
    private readonly RedisCalls _calls;
    private readonly DeadlineIndex _index;

    public SessionGrainStorage([FromKeyedServices(RedisStorageProvider.Name)] IGrainStorage redis, RedisConnection connection, RedisCalls calls, DeadlineIndex index)
    {
        _redis = redis;
        _connection = connection;
        _calls = calls;
        _index = index;
    }

    /// <exception cref="SessionUnavailableException">Redis can't be reached.</exception>
    /// <exception cref="InvalidDataException">What is stored is no session.</exception>
    /// <exception cref="NotSupportedException">What is stored was stored by a newer version.</exception>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        _calls.RunAsync(
            StorageOperation.Read,
            NotRead,
            static (_, call) => call.Storage.ReadAsync(call.StateName, call.GrainId, call.Record),
            (Storage: this, StateName: stateName, GrainId: grainId, Record: RecordOf(grainState)));

    /// <exception cref="SessionUnavailableException">Redis did not answer; it may have the state all the same.</exception>
    /// <exception cref="InconsistentStateException">Redis has another state than the one that was read.</exception>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        _calls.RunAsync(
            StorageOperation.Write,
            NotStored,
            static (_, call) => call.Record.NewDeadlineMs > 0
                ? call.Storage.WriteAndScheduleAsync(call.StateName, call.GrainId, call.Record)
                : call.Storage.WriteAsync(call.StateName, call.GrainId, call.Record),
            (Storage: this, StateName: stateName, GrainId: grainId, Record: RecordOf(grainState)));

    /// <summary>Deletes the state. Its entry in the index stays: it may be removed after the state only, by who knows its deadline.</summary>
    /// <exception cref="SessionUnavailableException">Redis did not answer; the state may be deleted all the same.</exception>
    /// <exception cref="InconsistentStateException">Redis has another state than the one that was read.</exception>
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
        (SessionState state, string? etag, bool exists) = (record.State, record.ETag, record.RecordExists);
        SentCommand sent = SentCommand.Watch();
        try
        {
            await _redis.ReadStateAsync(stateName, grainId, record);
        }
        catch (RedisStorageException)
        {
            (record.State, record.ETag, record.RecordExists) = (state, etag, exists);
            ThrowCause(sent);
            throw;
        }

        if (!record.RecordExists)
        {
            record.State = SessionState.None;
        }

        return record.RecordExists;
    }

    private async Task<bool> WriteAndScheduleAsync(string stateName, GrainId grainId, SessionRecord record)
    {
        bool creates = record.ETag is null;

        // Sent before the state: nothing waits on the way to the connection, which the provider's start has seen open.
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
            // The write's failure is what the caller has to know. An entry without a state is removed by the sweep.
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

    /// <summary>Redis has refused the index entry and stored the state nevertheless: enters it again, or else takes a new state back.</summary>
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
        SendAsync(static (redis, stateName, grainId, record) => redis.WriteStateAsync(stateName, grainId, record), stateName, grainId, record);

    private async Task<bool> DeleteAsync(string stateName, GrainId grainId, SessionRecord record)
    {
        await SendAsync(static (redis, stateName, grainId, record) => redis.ClearStateAsync(stateName, grainId, record), stateName, grainId, record);
        record.State = SessionState.None;
        return true;
    }

    private async Task<bool> SendAsync(
        Func<IGrainStorage, string, GrainId, SessionRecord, Task> change, string stateName, GrainId grainId, SessionRecord record)
    {
        for (bool hasScriptText = false; ; hasScriptText = true)
        {
            SentCommand sent = SentCommand.Watch(hasScriptText);
            try
            {
                await change(_redis, stateName, grainId, record);
                return true;
            }
            catch (RedisStorageException) when (sent.MissedItsScript)
            {
                // A server that was just started: it is told the script.
            }
            catch (RedisStorageException)
            {
                ThrowCause(sent);
                throw;
            }
        }
    }

    /// <summary>Throws what the provider has replaced by an exception of its own, if that is known.</summary>
    private static void ThrowCause(SentCommand sent)
    {
        if (sent.Failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        if (sent.Read is { } fields)
        {
            // Redis has answered, so the bytes are what the provider could not read.
            ReadOnlyMemory<byte> data = Array.Find(fields, static field => field.Name == "data").Value;
            _ = SessionStateFormat.Read(data.Span);
        }
    }
}
