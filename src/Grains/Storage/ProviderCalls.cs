using System.Runtime.ExceptionServices;
using Orleans.Persistence.Redis;
using Orleans.Storage;

namespace OrleansSessions.Grains.Storage;

/// <summary>Calls to Orleans' Redis storage, with the causes of their failures.</summary>
internal static class ProviderCalls
{
    /// <summary>Reads a state. A failure leaves it as it was. Returns whether there is one.</summary>
    /// <param name="redis">The storage.</param>
    /// <param name="stateName">The name of the state.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="state">The state.</param>
    /// <param name="read">Makes the state of the grain's stored bytes.</param>
    public static async Task<bool> ReadAsync<TState>(
        IGrainStorage redis, string stateName, GrainId grainId, IGrainState<TState> state, Func<GrainId, ReadOnlyMemory<byte>, TState> read)
    {
        (string? etag, bool exists) = (state.ETag, state.RecordExists);
        var bytes = new StoredBytes<TState>(state);
        SentCommand sent = SentCommand.Watch();
        try
        {
            await redis.ReadStateAsync(stateName, grainId, bytes);
            if (state.RecordExists)
            {
                state.State = read(grainId, bytes.State);
            }

            return state.RecordExists;
        }
        catch (Exception exception)
        {
            (state.ETag, state.RecordExists) = (etag!, exists);
            if (exception is RedisStorageException && sent.Failure is { } failure)
            {
                ExceptionDispatchInfo.Throw(failure);
            }

            throw;
        }
    }

    /// <summary>Writes the bytes of a state. Returns true, as the caller of a call with metrics needs a result.</summary>
    public static Task<bool> WriteAsync<TState>(IGrainStorage redis, string stateName, GrainId grainId, IGrainState<TState> state, byte[] bytes) => SendAsync(
        static (redis, stateName, grainId, bytes) => redis.WriteStateAsync(stateName, grainId, bytes),
        redis,
        stateName,
        grainId,
        new StoredBytes<TState>(state) { State = bytes });

    /// <summary>Deletes a state. Returns true.</summary>
    public static Task<bool> ClearAsync<TState>(IGrainStorage redis, string stateName, GrainId grainId, IGrainState<TState> state) => SendAsync(
        static (redis, stateName, grainId, bytes) => redis.ClearStateAsync(stateName, grainId, bytes), redis, stateName, grainId, new StoredBytes<TState>(state));

    private static async Task<bool> SendAsync<TState>(
        Func<IGrainStorage, string, GrainId, StoredBytes<TState>, Task> change, IGrainStorage redis, string stateName, GrainId grainId, StoredBytes<TState> bytes)
    {
        for (bool hasScriptText = false; ; hasScriptText = true)
        {
            SentCommand sent = SentCommand.Watch(hasScriptText);
            try
            {
                await change(redis, stateName, grainId, bytes);
                return true;
            }
            catch (RedisStorageException) when (sent.MissedItsScript)
            {
                // The server has just started and lacks the script: send it.
            }
            catch (RedisStorageException) when (sent.Failure is { } failure)
            {
                ExceptionDispatchInfo.Throw(failure);
            }
        }
    }
}
