using System.Runtime.ExceptionServices;
using Orleans.Persistence.Redis;
using Orleans.Storage;

namespace OrleansSessions.Grains.Storage;

/// <summary>Calls to Orleans' Redis storage, with the causes of their failures.</summary>
internal static class ProviderCalls
{
    /// <summary>Sends a change.</summary>
    public static async Task SendAsync<TState>(
        Func<IGrainStorage, string, GrainId, IGrainState<TState>, Task> change, IGrainStorage redis, string stateName, GrainId grainId, IGrainState<TState> state)
    {
        for (bool hasScriptText = false; ; hasScriptText = true)
        {
            SentCommand sent = SentCommand.Watch(hasScriptText);
            try
            {
                await change(redis, stateName, grainId, state);
                return;
            }
            catch (RedisStorageException) when (sent.MissedItsScript)
            {
                // A server that was just started: it is told the script.
            }
            catch (RedisStorageException) when (sent.Failure is { } failure)
            {
                ExceptionDispatchInfo.Throw(failure);
            }
        }
    }

    /// <summary>Reads a state. A failure leaves it as it was.</summary>
    /// <param name="redis">The storage.</param>
    /// <param name="stateName">The name of the state.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="state">The state.</param>
    /// <param name="read">Reads the stored bytes once more if the storage could not, and throws the cause.</param>
    public static async Task ReadAsync<TState>(
        IGrainStorage redis, string stateName, GrainId grainId, IGrainState<TState> state, Action<ReadOnlyMemory<byte>> read)
    {
        (TState? before, string? etag, bool exists) = (state.State, state.ETag, state.RecordExists);
        SentCommand sent = SentCommand.Watch();
        try
        {
            await redis.ReadStateAsync(stateName, grainId, state);
        }
        catch (RedisStorageException)
        {
            (state.State, state.ETag, state.RecordExists) = (before!, etag!, exists);
            if (sent.Failure is { } failure)
            {
                ExceptionDispatchInfo.Throw(failure);
            }

            if (sent.Read is { } fields)
            {
                // Redis has answered, so the provider could not read the bytes.
                read(Array.Find(fields, static field => field.Name == "data").Value);
            }

            throw;
        }
    }
}
