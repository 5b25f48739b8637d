using Orleans.Storage;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Storage;

/// <summary>Serializes sessions for Orleans' grain storage, as the bytes of <see cref="SessionStateFormat"/>. Copies none of them.</summary>
internal sealed class SessionStateSerializer : IGrainStorageSerializer
{
    /// <exception cref="NotSupportedException">The state is no session.</exception>
    public BinaryData Serialize<T>(T? input) => new(SessionStateFormat.Write(input as SessionState ?? throw NotASession<T>()));

    /// <exception cref="InvalidDataException">The bytes are no session.</exception>
    /// <exception cref="NotSupportedException">The session was stored by a newer version, or something else than a session is asked for.</exception>
    public T? Deserialize<T>(BinaryData input) =>
        SessionStateFormat.Read(input.ToMemory().Span) is T state ? state : throw NotASession<T>();

    private static NotSupportedException NotASession<T>() =>
        new($"The storage '{SessionGrainStorage.Name}' keeps sessions only. Configure another one for {typeof(T)}.");
}
