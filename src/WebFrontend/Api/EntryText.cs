using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using OrleansSessions.Contracts;

namespace OrleansSessions.WebFrontend.Api;

/// <summary>Prints the value of a session entry as text.</summary>
internal static class EntryText
{
    /// <summary>Stands before values that are not text.</summary>
    public const string Base64Prefix = "base64:";

    /// <summary>
    /// JSON strings are printed without quotes and escapes, other JSON as it is stored; all other values as UTF-8 text, and as
    /// <c>base64:...</c> if they are not UTF-8.
    /// </summary>
    public static string Of(SessionEntry entry)
    {
        if (!Utf8.IsValid(entry.Value))
        {
            return Base64Prefix + Convert.ToBase64String(entry.Value);
        }

        return entry.Format == EntryFormat.Json && entry.Value is [(byte)'"', ..] && TryReadJsonString(entry.Value, out string? text)
            ? text
            : Encoding.UTF8.GetString(entry.Value);
    }

    private static bool TryReadJsonString(ReadOnlySpan<byte> json, [NotNullWhen(true)] out string? text)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            text = reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        }
        catch (JsonException)
        {
            // The cluster stores what it is given: a value that only says that it is JSON is printed as it is.
            text = null;
        }

        return text is not null;
    }
}
