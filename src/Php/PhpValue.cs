using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace OrleansSessions.Php;

/// <summary>Conversions of one value between PHP's <c>serialize()</c> format, JSON, and the bytes that <c>ISession</c> stores.</summary>
public static class PhpValue
{
    /// <summary>
    /// Converts a serialized PHP value to JSON (UTF-8). An int becomes an integer, a float a number with a point or an exponent, an array whose keys are
    /// 0, 1, 2, ... an array (the empty one too), any other array an object.
    /// </summary>
    /// <returns>
    /// False if JSON can't express the value (an object, an enum case, a reference, text that is not UTF-8, an infinite number), or if the bytes are malformed.
    /// </returns>
    public static bool TryToJson(ReadOnlySpan<byte> serialized, [NotNullWhen(true)] out byte[]? json) => PhpToJson.TryConvert(serialized, out json);

    /// <summary>
    /// Converts JSON (UTF-8) to a serialized PHP value, as PHP's <c>json_decode($json, true)</c> would: objects become arrays, keys such as "12"
    /// integers, and numbers floats unless they are 64-bit integers. Text that is not JSON, or nested deeper than 256, becomes a string.
    /// </summary>
    public static byte[] FromJson(ReadOnlySpan<byte> json) => JsonToPhp.TryConvert(json, out byte[]? serialized) ? serialized : String(json);

    /// <summary>
    /// Converts bytes stored by <c>ISession.Set</c>: the four bytes of a <c>SetInt32</c> to an int, everything else, such as the text of a <c>SetString</c>, to a
    /// string. Four bytes are an int unless they are UTF-8 text without control characters, which no number from -184549376 to 538976287 is.
    /// </summary>
    public static byte[] FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != sizeof(int) || IsPrintable(bytes))
        {
            return String(bytes);
        }

        var writer = new PhpWriter();
        writer.WriteInteger(BinaryPrimitives.ReadInt32BigEndian(bytes));
        return writer.ToArray();
    }

    /// <summary>
    /// Converts a serialized PHP value to bytes that <c>ISession</c> reads: a string to its bytes (<c>GetString</c>), a 32-bit int to four bytes (<c>GetInt32</c>),
    /// anything else to its JSON. A value without a JSON form stays serialized.
    /// </summary>
    public static byte[] ToBytes(ReadOnlySpan<byte> serialized)
    {
        var reader = new PhpReader(serialized);
        if (reader.TryReadString(out ReadOnlySpan<byte> text) && reader.AtEnd)
        {
            return text.ToArray();
        }

        reader = new PhpReader(serialized);
        if (reader.TryReadInteger(out long integer) && reader.AtEnd && integer is >= int.MinValue and <= int.MaxValue)
        {
            byte[] bytes = new byte[sizeof(int)];
            BinaryPrimitives.WriteInt32BigEndian(bytes, (int)integer);
            return bytes;
        }

        return TryToJson(serialized, out byte[]? json) ? json : serialized.ToArray();
    }

    private static byte[] String(ReadOnlySpan<byte> bytes)
    {
        var writer = new PhpWriter();
        writer.WriteString(bytes);
        return writer.ToArray();
    }

    private static bool IsPrintable(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes) && !Encoding.UTF8.GetString(bytes).Any(char.IsControl);
}
