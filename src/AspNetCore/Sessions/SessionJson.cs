using System.Text.Json;
using OrleansSessions.Contracts;
using OrleansSessions.Php;

namespace OrleansSessions.AspNetCore;

/// <summary>JSON form of typed values: UTF-8, with System.Text.Json's web defaults. PHP's values are read as their JSON.</summary>
internal static class SessionJson
{
    /// <exception cref="SessionEntryException">The entry has another type.</exception>
    public static T? Read<T>(SessionEntry entry)
    {
        byte[]? json = entry.Value;
        if (entry.Format == EntryFormat.Php && !PhpValue.TryToJson(entry.Value, out json))
        {
            throw SessionEntryException.OnlyPhp(entry.Name);
        }

        try
        {
            return Read<T>(json, isEmptyPhpArray: entry.Format == EntryFormat.Php && json.AsSpan().SequenceEqual("[]"u8));
        }
        catch (JsonException exception)
        {
            throw SessionEntryException.NotReadable(entry.Name, typeof(T), exception);
        }
    }

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web);

    private static T? Read<T>(byte[] json, bool isEmptyPhpArray)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web);
        }
        catch (JsonException) when (isEmptyPhpArray)
        {
            // PHP has one empty array, for both lists and maps.
            return JsonSerializer.Deserialize<T>("{}"u8, JsonSerializerOptions.Web);
        }
    }
}
