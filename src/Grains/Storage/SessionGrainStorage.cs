using Microsoft.Extensions.Logging;
using Orleans.Persistence.Redis;
using Orleans.Storage;
using OrleansSessions.Contracts;
using OrleansSessions.Redis;

namespace OrleansSessions.Grains.Storage;

/// <summary>
/// Orleans' Redis storage, with failures that a session can act on: a write or delete that got no answer throws <see cref="SessionUnavailableException"/>,
/// and a read that failed leaves <see cref="UnreadETag"/> behind instead of failing the activation, so that callers get a typed answer at once.
/// </summary>
internal sealed partial class SessionGrainStorage(IGrainStorage redis, RedisConnection connection, ILogger<SessionGrainStorage> logger) : IGrainStorage
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
            Log(exception);
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

    private SessionUnavailableException Unavailable(RedisStorageException exception)
    {
        Log(exception);
        return new("The session can't be stored: Redis did not answer. Nothing that was acknowledged is lost; try again later.", exception);
    }

    /// <summary>One line; and none while there is no connection, of which the connection has told once.</summary>
    private void Log(RedisStorageException exception)
    {
        if (connection.IsConnected)
        {
            LogFailed(logger, connection.Address, exception.Message);
        }
    }

    [LoggerMessage(230, LogLevel.Warning, "Redis at {Address} is connected and did not do what a session asked: {Reason}")]
    private static partial void LogFailed(ILogger logger, string address, string reason);
}
