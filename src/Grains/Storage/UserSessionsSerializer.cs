using Orleans.Storage;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Storage;

/// <summary>Serializer of users' lists for Orleans' grain storage, in the format of <see cref="UserSessionsFormat"/>.</summary>
internal sealed class UserSessionsSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => new(UserSessionsFormat.Write(input as UserSessionsState ?? throw NotAList<T>()));

    public T? Deserialize<T>(BinaryData input) => UserSessionsFormat.Read(input.ToMemory().Span) is T state ? state : throw NotAList<T>();

    private static NotSupportedException NotAList<T>() =>
        new($"The storage '{UserGrainStorage.Name}' keeps lists of users' sessions only. Configure another one for {typeof(T)}.");
}
