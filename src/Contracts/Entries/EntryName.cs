using System.Text;

namespace OrleansSessions.Contracts;

/// <summary>A name to look for among entries, in the form that they keep their own in.</summary>
/// <param name="Text">The name.</param>
/// <param name="Utf8">The name in UTF-8, where entries lie packed; null otherwise.</param>
internal readonly record struct EntryName(string Text, byte[]? Utf8 = null)
{
    /// <summary>The name's length in UTF-8, which is what limits count.</summary>
    public int Bytes => Utf8?.Length ?? Encoding.UTF8.GetByteCount(Text);
}
