using System.Text;

namespace OrleansSessions.Grains.Storage;

/// <summary>Upper bounds of the sizes, in bytes, of packed values.</summary>
internal static class PackedSize
{
    public const int Guid = 16;
    public const int Number = 10;

    public static int Text(string? text) => text is null ? 0 : Number + Encoding.UTF8.GetByteCount(text);
}
