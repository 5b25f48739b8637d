using OrleansSessions.Contracts;

namespace OrleansSessions.Php;

/// <summary>The names that each of PHP's session formats can hold.</summary>
internal static class PhpName
{
    /// <summary>Ends a name in the format of the <c>php</c> handler, which therefore can't write names that hold it.</summary>
    public const byte End = (byte)'|';

    /// <summary>
    /// Whether a payload of this handler can hold the name, so that PHP finds the entry and writes it again. <c>php_serialize</c> holds any. <c>php</c> does not
    /// hold '|'; integers it leaves out when it saves, and <c>$_SESSION['12']</c> does not find them; a '!' in front meant "not set" to old versions of PHP; and
    /// what begins like an array is a payload of <c>php_serialize</c>.
    /// </summary>
    public static bool CanBeIn(PhpHandler handler, ReadOnlySpan<byte> name) => handler == PhpHandler.PhpSerialize
        || !name.StartsWith("!"u8) && !name.Contains(End) && !CanonicalInteger.TryParse(name, out _) && !BeginsLikeArray(name);

    /// <summary>Whether a text begins with <c>a:</c>, digits and <c>:{</c>.</summary>
    public static bool BeginsLikeArray(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("a:"u8))
        {
            return false;
        }

        int digits = text[2..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return digits > 0 && text[(2 + digits)..].StartsWith(":{"u8);
    }
}
