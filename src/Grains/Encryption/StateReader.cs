namespace OrleansSessions.Grains.Encryption;

/// <summary>Makes a state of its bytes.</summary>
internal delegate TState StateReader<out TState>(ReadOnlySpan<byte> bytes);
