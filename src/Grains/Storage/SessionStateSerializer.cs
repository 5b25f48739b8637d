using Orleans.Storage;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Storage;

/// <summary>Serializer of sessions for Orleans' grain storage, in the format of <see cref="SessionStateFormat"/>. Copies no bytes.</summary>
internal sealed class SessionStateSerializer : IGrainStorageSerializer
{
    /// <exception cref="NotSupportedException">The state is not a session.</exception>
    public BinaryData Serialize<T>(T? input) => new(SessionStateFormat.Write(input as SessionState ?? throw NotASession<T>()));

    /// <exception cref="InvalidDataException">The bytes are not a session.</exception>
    /// <exception cref="NotSupportedException">A newer version stored the session, or another type than a session is requested.</exception>
    public T? Deserialize<T>(BinaryData input) =>
        SessionStateFormat.Read(input.ToMemory().Span) is T state ? state : throw NotASession<T>();

    private static NotSupportedException NotASession<T>() =>
        new($"The storage '{SessionGrainStorage.Name}' keeps sessions only. Configure another one for {typeof(T)}.");
}
