using System.Text;

namespace OrleansSessions.Contracts;

/// <summary>Named value in a session.</summary>
[GenerateSerializer, Immutable, Alias("session.entry")]
public sealed record SessionEntry : IContentEntry<SessionEntry>
{
    /// <summary>The name: 1 to 256 UTF-8 bytes without control characters, case-sensitive.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>The value. The array is shared: do not change it.</summary>
    [Id(1)]
    public required byte[] Value { get; init; }

    /// <summary>The format of <see cref="Value"/>.</summary>
    [Id(2)]
    public EntryFormat Format { get; init; }

    /// <summary>The session's version that last set this entry. A missing entry has version 0.</summary>
    [Id(3)]
    public long Version { get; init; }

    ReadOnlySpan<byte> IContentEntry<SessionEntry>.Data => Value;

    long IContentEntry<SessionEntry>.Size => Encoding.UTF8.GetByteCount(Name) + (long)Value.Length;

    string? IContentEntry<SessionEntry>.IndexKey => Name;

    /// <summary>
    /// Whether a text is a valid entry name: not empty, no control characters, no unpaired surrogate. The cluster limits its length.
    /// </summary>
    public static bool IsValidName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (char c in name)
        {
            if (char.IsControl(c))
            {
                return false;
            }
        }

        return name.Length > 0 && IsWellFormed(name);
    }

    /// <summary>Whether UTF-8 can encode a text: it has no unpaired surrogate.</summary>
    internal static bool IsWellFormed(string name)
    {
        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsSurrogate(name[i]) && !(i + 1 < name.Length && char.IsSurrogatePair(name[i], name[++i])))
            {
                return false;
            }
        }

        return true;
    }

    static EntryName IContentEntry<SessionEntry>.NameOf(string text) => new(text);

    static SessionEntry IContentEntry<SessionEntry>.Create(EntryName name, byte[] value, EntryFormat format, long version) =>
        new() { Name = name.Text, Value = value, Format = format, Version = version };

    bool IContentEntry<SessionEntry>.IsNamed(EntryName name) => Name == name.Text;
}
