using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Tests.Storage;

/// <summary>Storage of the silo behind a network that loses requests and answers.</summary>
internal sealed class FaultyStorage(IGrainStorage redis, StorageFaults faults) : IGrainStorage
{
    /// <summary>Decorates a storage of a configured silo.</summary>
    public static void Decorate(IServiceCollection services, string name, StorageFaults faults)
    {
        ServiceDescriptor redis = services.Single(service =>
            service.ServiceType == typeof(IGrainStorage) && name.Equals(service.ServiceKey));
        services.Remove(redis);
        services.AddKeyedSingleton<IGrainStorage>(
            name,
            (provider, _) => new FaultyStorage((IGrainStorage)ActivatorUtilities.CreateInstance(provider, redis.KeyedImplementationType!), faults));
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        RunAsync(grainId, grainState, StorageOperation.Read, () => redis.ReadStateAsync(stateName, grainId, grainState));

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        RunAsync(grainId, grainState, StorageOperation.Write, () => redis.WriteStateAsync(stateName, grainId, grainState));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        RunAsync(grainId, grainState, StorageOperation.Clear, () => redis.ClearStateAsync(stateName, grainId, grainState));

    private async Task RunAsync<T>(GrainId grainId, IGrainState<T> grainState, StorageOperation operation, Func<Task> call)
    {
        StorageFault fault = await faults.BeforeAsync(grainId.Key.ToString()!, operation);
        switch (fault)
        {
            case StorageFault.Conflict:
                throw new InconsistentStateException("Another ETag is stored.");
            case StorageFault.Lost:
                throw NoAnswer();
            case StorageFault.AnswerLost:
                (T? state, string? etag, bool exists) = (grainState.State, grainState.ETag, grainState.RecordExists);
                await call();

                // A provider that gets no answer keeps its previous state.
                (grainState.State, grainState.ETag, grainState.RecordExists) = (state!, etag!, exists);
                throw NoAnswer();
            default:
                await call();
                break;
        }
    }

    private static SessionUnavailableException NoAnswer() => new("No answer came.");
}
