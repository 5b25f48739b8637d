namespace OrleansSessions.Contracts;

/// <summary>Entry in a <see cref="SessionContent{TEntry}"/>: an object in frontends, a slice of packed bytes in silos.</summary>
internal interface IContentEntry<TEntry>
    where TEntry : IContentEntry<TEntry>
{
    EntryFormat Format { get; }

    long Version { get; }

    ReadOnlySpan<byte> Data { get; }

    /// <summary>The bytes of name and value, as counted by limits.</summary>
    long Size { get; }

    /// <summary>The name as an index key; null: entries of this kind are not indexed.</summary>
    string? IndexKey { get; }

    static abstract EntryName NameOf(string text);

    static abstract TEntry Create(EntryName name, byte[] value, EntryFormat format, long version);

    bool IsNamed(EntryName name);
}
