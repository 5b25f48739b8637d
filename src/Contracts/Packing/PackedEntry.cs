namespace OrleansSessions.Contracts;

/// <summary>An entry as it lies in packed bytes, without an object or a copy of its own.</summary>
/// <param name="Name">The name in UTF-8.</param>
/// <param name="Format">See <see cref="SessionEntry.Format"/>.</param>
/// <param name="Version">See <see cref="SessionEntry.Version"/>.</param>
/// <param name="Value">See <see cref="SessionEntry.Value"/>.</param>
internal readonly record struct PackedEntry(ReadOnlyMemory<byte> Name, EntryFormat Format, long Version, ReadOnlyMemory<byte> Value);
