using System.Buffers.Text;
using System.Text;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Storage;
using OrleansSessions.Connectivity.Redis;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Expiry;
using OrleansSessions.Grains.Sessions;
using OrleansSessions.Grains.Telemetry;
using StackExchange.Redis;

namespace OrleansSessions.Grains.Storage;

/// <summary>
/// The storage of sessions: a hash for each, with the fields <c>etag</c> and <c>data</c>, as Orleans' own Redis storage has them. Where one server has all keys, a
/// state and its entry in the expiry index are written, and deleted, in one step. Otherwise (Redis Cluster) the index is written first, and what a deleted state leaves in
/// it is left to the sweep. Either way there is never a state that the index doesn't know.
/// </summary>
internal sealed class SessionGrainStorage : IGrainStorage
{
    /// <summary>The name of this provider.</summary>
    public const string Name = "sessions";

    private const int ETagBytes = 8;
    private const string NotRead = "The session is not available: Redis is not reachable. Nothing that was acknowledged is lost; try again later.";
    private const string NotStored = "The session can't be stored: Redis did not answer. Nothing that was acknowledged is lost; try again later.";

    private static readonly RedisValue ETagField = "etag";
    private static readonly RedisValue DataField = "data";

    private readonly RedisConnection _connection;
    private readonly RedisCalls _calls;
    private readonly DeadlineIndex _index;
    private readonly RedisKey _prefix;

    public SessionGrainStorage(RedisConnection connection, RedisCalls calls, DeadlineIndex index, IOptions<ClusterOptions> cluster)
    {
        _connection = connection;
        _calls = calls;
        _index = index;
        _prefix = Encoding.UTF8.GetBytes($"{cluster.Value.ServiceId}/session/");
    }

    /// <exception cref="SessionUnavailableException">Redis can't be reached.</exception>
    /// <exception cref="InvalidDataException">What is stored is no session.</exception>
    /// <exception cref="NotSupportedException">What is stored was stored by a newer version.</exception>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        _calls.RunAsync(
            StorageOperation.Read,
            NotRead,
            static (database, call) => call.Storage.ReadAsync(database, call.GrainId, call.Record),
            (Storage: this, GrainId: grainId, Record: RecordOf(grainState)));

    /// <exception cref="SessionUnavailableException">Redis did not answer; it may have the state all the same.</exception>
    /// <exception cref="InconsistentStateException">Redis has another state than the one that was read.</exception>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        _calls.RunAsync(
            StorageOperation.Write,
            NotStored,
            static (database, call) => call.Storage.WriteAsync(database, call.GrainId, call.Record),
            (Storage: this, GrainId: grainId, Record: RecordOf(grainState)));

    /// <exception cref="SessionUnavailableException">Redis did not answer; the state may be deleted all the same.</exception>
    /// <exception cref="InconsistentStateException">Redis has another state than the one that was read.</exception>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        _calls.RunAsync(
            StorageOperation.Delete,
            NotStored,
            static (database, call) => call.Storage.DeleteAsync(database, call.GrainId, call.Record),
            (Storage: this, GrainId: grainId, Record: RecordOf(grainState)));

    private static SessionRecord RecordOf<T>(IGrainState<T> state) =>
        state as SessionRecord ?? throw new NotSupportedException($"The storage '{Name}' keeps sessions and nothing else. Configure another one for {typeof(T)}.");

    private async Task<bool> ReadAsync(IDatabase database, GrainId grainId, SessionRecord record)
    {
        HashEntry[] fields = await database.HashGetAllAsync(KeyOf(grainId), CommandFlags.DemandMaster);
        var data = (ReadOnlyMemory<byte>)ValueOf(fields, DataField);
        record.State = data.IsEmpty ? SessionState.None : SessionStateFormat.Read(data.Span);
        record.RecordExists = !data.IsEmpty;
        record.MayBeIndexed = true;
        record.ETag = ValueOf(fields, ETagField);
        return record.RecordExists;
    }

    private async Task<bool> WriteAsync(IDatabase database, GrainId grainId, SessionRecord record)
    {
        string etag = NewETag();
        RedisValue data = SessionStateFormat.Write(record.State);
        bool schedule = record.NewDeadlineMs > 0;
        if (schedule && _connection.IsSpread)
        {
            // If the index does not answer, the state is not written.
            await _index.ScheduleAsync(grainId.Key, record.NewDeadlineMs);
            schedule = false;
        }

        RedisResult stored = schedule
            ? await database.ScriptEvaluateAsync(
                StorageScripts.WriteAndSchedule,
                [KeyOf(grainId), _index.KeyOf(grainId.Key)],
                [record.ETag ?? "", etag, data, grainId.Key.Value, record.NewDeadlineMs],
                CommandFlags.DemandMaster)
            : await database.ScriptEvaluateAsync(StorageScripts.Write, [KeyOf(grainId)], [record.ETag ?? "", etag, data], CommandFlags.DemandMaster);
        ThrowIfRefused(stored, grainId);
        record.ETag = etag;
        record.RecordExists = true;
        record.MayBeIndexed = true;
        return true;
    }

    private async Task<bool> DeleteAsync(IDatabase database, GrainId grainId, SessionRecord record)
    {
        bool spread = _connection.IsSpread;
        RedisResult deleted = spread
            ? await database.ScriptEvaluateAsync(StorageScripts.Delete, [KeyOf(grainId)], [record.ETag ?? ""], CommandFlags.DemandMaster)
            : await database.ScriptEvaluateAsync(
                StorageScripts.DeleteAndUnschedule, [KeyOf(grainId), _index.KeyOf(grainId.Key)], [record.ETag ?? "", grainId.Key.Value], CommandFlags.DemandMaster);
        ThrowIfRefused(deleted, grainId);
        record.MayBeIndexed = spread;
        record.State = SessionState.None;
        record.ETag = null;
        record.RecordExists = false;
        return true;
    }

    private static RedisValue ValueOf(HashEntry[] fields, RedisValue name)
    {
        foreach (HashEntry field in fields)
        {
            if (field.Name == name)
            {
                return field.Value;
            }
        }

        return RedisValue.Null;
    }

    private static void ThrowIfRefused(RedisResult result, GrainId grainId)
    {
        if (!(bool)result)
        {
            throw new InconsistentStateException($"Redis has another state of the session {grainId.Key} than this silo has read. Repeat the call.");
        }
    }

    /// <summary>No state is mistaken for another one: of those that a session ever has, only the last two are ever compared.</summary>
    private static string NewETag()
    {
        Span<byte> random = stackalloc byte[ETagBytes];
        Random.Shared.NextBytes(random);
        return Base64Url.EncodeToString(random);
    }

    private RedisKey KeyOf(GrainId grainId) => _prefix.Append(IdSpan.UnsafeGetArray(grainId.Key));
}
