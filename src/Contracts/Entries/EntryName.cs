using System.Text;

namespace OrleansSessions.Contracts;

/// <summary>Name to look up among entries, in their own form.</summary>
/// <param name="Text">The name.</param>
/// <param name="Utf8">The name in UTF-8, for packed entries; null otherwise.</param>
internal readonly record struct EntryName(string Text, byte[]? Utf8 = null)
{
    /// <summary>The name's length in UTF-8, as counted by limits.</summary>
    public int Bytes => Utf8?.Length ?? Encoding.UTF8.GetByteCount(Text);
}
