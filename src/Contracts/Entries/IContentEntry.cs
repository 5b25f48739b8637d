namespace OrleansSessions.Contracts;

/// <summary>An entry in a <see cref="SessionContent{TEntry}"/>: an object in frontends, a part of packed bytes in silos.</summary>
internal interface IContentEntry<TEntry>
    where TEntry : IContentEntry<TEntry>
{
    EntryFormat Format { get; }

    long Version { get; }

    ReadOnlySpan<byte> Data { get; }

    /// <summary>The bytes of name and value, as limits count them.</summary>
    long Size { get; }

    /// <summary>The name as the key of an index; null: entries of this kind are always looked for one by one.</summary>
    string? IndexKey { get; }

    static abstract EntryName NameOf(string text);

    static abstract TEntry Create(EntryName name, byte[] value, EntryFormat format, long version);

    bool IsNamed(EntryName name);
}
