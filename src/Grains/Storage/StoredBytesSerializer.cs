using Orleans.Storage;

namespace OrleansSessions.Grains.Storage;

/// <summary>
/// Serializer for Orleans' grain storage that passes on bytes: <see cref="SessionGrainStorage"/> and <see cref="UserGrainStorage"/> make them of their states, because the storage
/// doesn't tell its serializer whose state it is. Copies no bytes.
/// </summary>
internal sealed class StoredBytesSerializer : IGrainStorageSerializer
{
    /// <exception cref="NotSupportedException">The state is not bytes.</exception>
    public BinaryData Serialize<T>(T? input) => new(input is ReadOnlyMemory<byte> bytes ? bytes : throw NotBytes<T>());

    /// <exception cref="NotSupportedException">Another type than bytes is requested.</exception>
    public T? Deserialize<T>(BinaryData input) => input.ToMemory() is T bytes ? bytes : throw NotBytes<T>();

    private static NotSupportedException NotBytes<T>() => new($"This storage keeps bytes. Configure another one for {typeof(T)}.");
}
