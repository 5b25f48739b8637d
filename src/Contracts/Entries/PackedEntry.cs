using System.Text;

namespace OrleansSessions.Contracts;

/// <summary>Entry as a slice of packed bytes, without its own object or copy.</summary>
/// <param name="Name">The name in UTF-8.</param>
/// <param name="Format">See <see cref="SessionEntry.Format"/>.</param>
/// <param name="Version">See <see cref="SessionEntry.Version"/>.</param>
/// <param name="Value">See <see cref="SessionEntry.Value"/>.</param>
internal readonly record struct PackedEntry(ReadOnlyMemory<byte> Name, EntryFormat Format, long Version, ReadOnlyMemory<byte> Value) : IContentEntry<PackedEntry>
{
    public ReadOnlySpan<byte> Data => Value.Span;

    public long Size => Name.Length + (long)Value.Length;

    string? IContentEntry<PackedEntry>.IndexKey => null;

    public static EntryName NameOf(string text) => new(text, Encoding.UTF8.GetBytes(text));

    public static PackedEntry Create(EntryName name, byte[] value, EntryFormat format, long version) => new(name.Utf8, format, version, value);

    public bool IsNamed(EntryName name) => Name.Span.SequenceEqual(name.Utf8);
}
