using OrleansSessions.Contracts;

namespace OrleansSessions.Php;

/// <summary>Names that each PHP session format can hold.</summary>
internal static class PhpName
{
    /// <summary>Terminates a name in the <c>php</c> format, which therefore can't hold names that contain it.</summary>
    public const byte End = (byte)'|';

    /// <summary>
    /// Whether a payload of this handler can hold the name, so that PHP finds the entry and writes it back. <c>php_serialize</c> holds any name. <c>php</c> has
    /// these exceptions: it can't hold '|'; it drops integers when it saves, and <c>$_SESSION['12']</c> does not find them; a leading '!' meant "not set" in old
    /// versions of PHP; and a name that begins like an array looks like a <c>php_serialize</c> payload.
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
