using Orleans.Persistence.Redis;
using Orleans.Storage;
using OrleansSessions.Contracts;
using OrleansSessions.Redis;

namespace OrleansSessions.Grains.Storage;

/// <summary>
/// Orleans' Redis storage, with failures that a session can act on: a write or delete that got no answer throws <see cref="SessionUnavailableException"/>,
/// and a read that failed leaves <see cref="UnreadETag"/> behind instead of failing the activation, so that callers get a typed answer at once.
/// </summary>
internal sealed class SessionGrainStorage(IGrainStorage redis, RedisConnection connection) : IGrainStorage
{
    /// <summary>The name of this provider.</summary>
    public const string Name = "sessions";

    /// <summary>The name of the Redis provider behind it.</summary>
    public const string RedisName = "sessions-redis";

    /// <summary>The ETag of a state that could not be read. Redis would refuse a write with it.</summary>
    public const string UnreadETag = "unread";

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        try
        {
            await redis.ReadStateAsync(stateName, grainId, grainState);
        }
        catch (RedisStorageException exception)
        {
            connection.ReportFailure(exception);
            grainState.RecordExists = false;
            grainState.ETag = UnreadETag;
            grainState.State ??= Activator.CreateInstance<T>();
        }
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        try
        {
            await redis.WriteStateAsync(stateName, grainId, grainState);
        }
        catch (RedisStorageException exception)
        {
            throw Unavailable(exception);
        }
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        try
        {
            await redis.ClearStateAsync(stateName, grainId, grainState);
        }
        catch (RedisStorageException exception)
        {
            throw Unavailable(exception);
        }
    }

    /// <summary>The cause stays in this silo's log: it is of a type that callers may not know.</summary>
    private SessionUnavailableException Unavailable(RedisStorageException exception)
    {
        connection.ReportFailure(exception);
        return new("The session can't be stored: Redis did not answer. Nothing that was acknowledged is lost; try again later.");
    }
}
