using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace OrleansSessions.Php;

/// <summary>Converts a JSON document to a serialized PHP value, as PHP's <c>json_decode($json, true)</c> reads it.</summary>
internal static class JsonToPhp
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = PhpReader.MaxDepth };

    public static bool TryConvert(ReadOnlySpan<byte> json, [NotNullWhen(true)] out byte[]? serialized)
    {
        serialized = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json.ToArray(), Options);
            var writer = new PhpWriter();
            Write(writer, document.RootElement);
            serialized = writer.ToArray();
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string contains an unpaired surrogate, or bytes that are not UTF-8.
            return false;
        }
    }

    private static void Write(PhpWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(writer, element);
                break;
            case JsonValueKind.Array:
                WriteArray(writer, element);
                break;
            case JsonValueKind.String:
                writer.WriteString(Encoding.UTF8.GetBytes(element.GetString()!));
                break;
            case JsonValueKind.Number when element.TryGetInt64(out long integer):
                writer.WriteInteger(integer);
                break;
            case JsonValueKind.Number:
                writer.WriteDouble(element.GetDouble());
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.WriteBoolean(element.ValueKind == JsonValueKind.True);
                break;
            default:
                writer.WriteNull();
                break;
        }
    }

    private static void WriteArray(PhpWriter writer, JsonElement array)
    {
        writer.WriteArrayStart(array.GetArrayLength());
        int index = 0;
        foreach (JsonElement item in array.EnumerateArray())
        {
            writer.WriteInteger(index++);
            Write(writer, item);
        }

        writer.WriteArrayEnd();
    }

    private static void WriteObject(PhpWriter writer, JsonElement element)
    {
        // For a duplicate name the last value wins, at the first one's position.
        var members = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (JsonProperty member in element.EnumerateObject())
        {
            members[member.Name] = member.Value;
        }

        writer.WriteArrayStart(members.Count);
        foreach ((string name, JsonElement value) in members)
        {
            writer.WriteKey(Encoding.UTF8.GetBytes(name));
            Write(writer, value);
        }

        writer.WriteArrayEnd();
    }
}
