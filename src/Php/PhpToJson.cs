using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace OrleansSessions.Php;

/// <summary>Converter of a serialized PHP value to JSON.</summary>
/// <param name="writer">The output.</param>
/// <param name="lists">For each array in order of appearance, whether it is a list; from <see cref="PhpReader"/>.</param>
internal sealed class PhpToJson(Utf8JsonWriter writer, List<bool> lists)
{
    /// <summary>The JSON is data, not part of a page: keep letters of all languages readable.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private int _nextList;

    public static bool TryConvert(ReadOnlySpan<byte> serialized, [NotNullWhen(true)] out byte[]? json)
    {
        json = null;
        var lists = new List<bool>();
        if (!PhpReader.IsValue(serialized, lists))
        {
            return false;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Options);
        var reader = new PhpReader(serialized);
        if (!new PhpToJson(writer, lists).TryWriteValue(ref reader))
        {
            return false;
        }

        writer.Flush();
        json = buffer.WrittenSpan.ToArray();
        return true;
    }

    private bool TryWriteValue(ref PhpReader reader)
    {
        switch (reader.Next)
        {
            case (byte)'N' when reader.TryRead("N;"u8):
                writer.WriteNullValue();
                return true;
            case (byte)'b' when reader.TryRead("b:1;"u8):
                writer.WriteBooleanValue(true);
                return true;
            case (byte)'b' when reader.TryRead("b:0;"u8):
                writer.WriteBooleanValue(false);
                return true;
            case (byte)'i' when reader.TryReadInteger(out long integer):
                writer.WriteNumberValue(integer);
                return true;
            case (byte)'d' when reader.TryReadDouble(out ReadOnlySpan<byte> digits):
                return TryWriteDouble(digits);
            case (byte)'s' when reader.TryReadString(out ReadOnlySpan<byte> text) && Utf8.IsValid(text):
                writer.WriteStringValue(text);
                return true;
            case (byte)'a':
                return lists[_nextList++] ? TryWriteList(ref reader) : TryWriteObject(ref reader);
            default:
                return false;
        }
    }

    /// <summary>Keeps floats recognizable for the way back: 1 is written as 1.0.</summary>
    private bool TryWriteDouble(ReadOnlySpan<byte> digits)
    {
        // INF and NAN are PHP's spellings; .NET can't parse them.
        if (!double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
        {
            return false;
        }

        string text = value.ToString("R", CultureInfo.InvariantCulture);
        writer.WriteRawValue(text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0", skipInputValidation: true);
        return true;
    }

    private bool TryWriteList(ref PhpReader reader)
    {
        writer.WriteStartArray();
        for (reader.TryReadArrayStart(out int count); count > 0; count--)
        {
            if (!reader.TryReadInteger(out _) || !TryWriteValue(ref reader))
            {
                return false;
            }
        }

        writer.WriteEndArray();
        return reader.TryRead("}"u8);
    }

    private bool TryWriteObject(ref PhpReader reader)
    {
        writer.WriteStartObject();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (reader.TryReadArrayStart(out int count); count > 0; count--)
        {
            if (!reader.TryReadKey(out long number, out ReadOnlySpan<byte> text, out bool isNumber) || !Utf8.IsValid(text))
            {
                return false;
            }

            string name = isNumber ? number.ToString(CultureInfo.InvariantCulture) : Encoding.UTF8.GetString(text);
            if (!names.Add(name))
            {
                return false;
            }

            writer.WritePropertyName(name);
            if (!TryWriteValue(ref reader))
            {
                return false;
            }
        }

        writer.WriteEndObject();
        return reader.TryRead("}"u8);
    }
}
