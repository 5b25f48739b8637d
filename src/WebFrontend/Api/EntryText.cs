using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using OrleansSessions.Contracts;
using OrleansSessions.Php;

namespace OrleansSessions.WebFrontend.Api;

/// <summary>Prints the value of a session entry as text.</summary>
internal static class EntryText
{
    /// <summary>Stands before values that are not text.</summary>
    public const string Base64Prefix = "base64:";

    /// <summary>
    /// JSON strings are printed without quotes and escapes, other JSON as it is stored; all other values as UTF-8 text, and as
    /// <c>base64:...</c> if they are not UTF-8. A PHP value is printed as the JSON of it, or, if it has none, as PHP serialized it.
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
            // The cluster stores what it is given: a value that only says that it is JSON is printed as it is.
            text = null;
        }

        return text is not null;
    }
}
