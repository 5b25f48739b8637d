using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using OrleansSessions.Contracts;
using OrleansSessions.Php;

namespace OrleansSessions.WebFrontend.Api;

/// <summary>Text form of session entries.</summary>
internal static class EntryText
{
    /// <summary>Prefix of values that are not text.</summary>
    public const string Base64Prefix = "base64:";

    /// <summary>
    /// Prints JSON strings without quotes and escapes, other JSON as stored, and other values as UTF-8 text, or as <c>base64:...</c> if they are not UTF-8. Prints a
    /// PHP value as JSON or, if it has no JSON form, as PHP serialized it.
    /// </summary>
    public static string Of(SessionEntry entry) => entry.Format switch
    {
        EntryFormat.Json => OfJson(entry.Value),
        EntryFormat.Php when PhpValue.TryToJson(entry.Value, out byte[]? json) => OfJson(json),
        EntryFormat.Php => OfBytes(PhpValue.ToBytes(entry.Value)),
        _ => OfBytes(entry.Value),
    };

    private static string OfJson(byte[] json) => json is [(byte)'"', ..] && TryReadJsonString(json, out string? text) ? text : OfBytes(json);

    private static string OfBytes(byte[] bytes) =>
        Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Base64Prefix + Convert.ToBase64String(bytes);

    private static bool TryReadJsonString(ReadOnlySpan<byte> json, [NotNullWhen(true)] out string? text)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            text = reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The cluster does not validate formats: print a value unchanged if it is marked as JSON and is not.
            text = null;
        }

        return text is not null;
    }
}
