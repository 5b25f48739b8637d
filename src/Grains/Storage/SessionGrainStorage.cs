using System.Diagnostics;
using Orleans.Persistence.Redis;
using Orleans.Storage;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Telemetry;
using OrleansSessions.Redis;

namespace OrleansSessions.Grains.Storage;

/// <summary>
/// Orleans' Redis storage, with failures that a session can act on: a write or delete that got no answer throws <see cref="SessionUnavailableException"/>,
/// and a read that failed leaves <see cref="UnreadETag"/> behind instead of failing the activation, so that callers get a typed answer at once.
/// </summary>
internal sealed class SessionGrainStorage(IGrainStorage redis, RedisConnection connection, StorageMetrics metrics) : IGrainStorage
{
    /// <summary>The name of this provider.</summary>
    public const string Name = "sessions";

    /// <summary>The name of the Redis provider behind it.</summary>
    public const string RedisName = "sessions-redis";

    /// <summary>The ETag of a state that could not be read. Redis would refuse a write with it.</summary>
    public const string UnreadETag = "unread";

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        long started = Stopwatch.GetTimestamp();
        Activity? span = StorageMetrics.StartSpan(StorageOperation.Read);
        string outcome = Outcomes.Error;
        try
        {
            await redis.ReadStateAsync(stateName, grainId, grainState);
            outcome = Outcomes.Ok;
        }
        catch (RedisStorageException exception)
        {
            outcome = Outcomes.Unavailable;
            connection.ReportFailure(exception);
            grainState.RecordExists = false;
            grainState.ETag = UnreadETag;
            grainState.State ??= Activator.CreateInstance<T>();
        }
        finally
        {
            metrics.Answered(StorageOperation.Read, outcome, started, span);
        }
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ChangeAsync(StorageOperation.Write, redis.WriteStateAsync, stateName, grainId, grainState);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ChangeAsync(StorageOperation.Delete, redis.ClearStateAsync, stateName, grainId, grainState);

    private async Task ChangeAsync<T>(
        StorageOperation operation, Func<string, GrainId, IGrainState<T>, Task> change, string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        long started = Stopwatch.GetTimestamp();
        Activity? span = StorageMetrics.StartSpan(operation);
        string outcome = Outcomes.Error;
        try
        {
            await change(stateName, grainId, grainState);
            outcome = Outcomes.Ok;
        }
        catch (RedisStorageException exception)
        {
            outcome = Outcomes.Unavailable;
            throw Unavailable(exception);
        }
        catch (InconsistentStateException)
        {
            outcome = Outcomes.Conflict;
            throw;
        }
        finally
        {
            metrics.Answered(operation, outcome, started, span);
        }
    }

    /// <summary>The cause stays in this silo's log: it is of a type that callers may not know.</summary>
    private SessionUnavailableException Unavailable(RedisStorageException exception)
    {
        connection.ReportFailure(exception);
        return new("The session can't be stored: Redis did not answer. Nothing that was acknowledged is lost; try again later.");
    }
}
