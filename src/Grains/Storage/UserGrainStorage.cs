using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Encryption;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Storage;

/// <summary>Storage of users' lists of sessions: Orleans' Redis storage with encryption, spans, metrics and typed failures.</summary>
internal sealed class UserGrainStorage(
    [FromKeyedServices(RedisStorageProvider.UsersName)] IGrainStorage redis, RedisCalls calls, StateEncryption encryption) : IGrainStorage
{
    /// <summary>The name of this storage.</summary>
    public const string Name = "users";

    private const string NoAnswer = "The list of the user's sessions is not available: Redis did not answer. Nothing acknowledged is lost; try again later.";

    /// <exception cref="SessionUnavailableException">Redis can't be reached.</exception>
    /// <exception cref="InvalidDataException">The stored bytes are not this user's list.</exception>
    /// <exception cref="SessionEncryptionException">The silo's key ring does not allow the list to be read.</exception>
    /// <exception cref="NotSupportedException">A newer version stored the list.</exception>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        RunAsync(StorageOperation.Read, () => ProviderCalls.ReadAsync(
            redis, stateName, grainId, ListOf(grainState), (owner, bytes) => encryption.Read(owner, bytes.Span, UserSessionsFormat.Read)));

    /// <exception cref="SessionUnavailableException">Redis did not answer; it may still have stored the state.</exception>
    /// <exception cref="InconsistentStateException">Redis has a different state than the one that was read.</exception>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        IGrainState<UserSessionsState> list = ListOf(grainState);
        return RunAsync(StorageOperation.Write, () => ProviderCalls.WriteAsync(
            redis, stateName, grainId, list, encryption.Seal(grainId, UserSessionsFormat.Write(list.State!))));
    }

    /// <exception cref="SessionUnavailableException">Redis did not answer; the state may still have been deleted.</exception>
    /// <exception cref="InconsistentStateException">Redis has a different state than the one that was read.</exception>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        RunAsync(StorageOperation.Delete, () => ProviderCalls.ClearAsync(redis, stateName, grainId, ListOf(grainState)));

    private static IGrainState<UserSessionsState> ListOf<T>(IGrainState<T> state) =>
        state as IGrainState<UserSessionsState>
        ?? throw new NotSupportedException($"The storage '{Name}' keeps lists of users' sessions only. Configure another one for {typeof(T)}.");

    private Task RunAsync(StorageOperation operation, Func<Task<bool>> call) => calls.RunAsync(operation, NoAnswer, static (_, call) => call(), call);
}
