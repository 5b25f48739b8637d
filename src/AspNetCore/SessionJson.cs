using System.Text.Json;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>The typed values' form in an entry: UTF-8 JSON, with the web defaults of System.Text.Json.</summary>
internal static class SessionJson
{
    /// <exception cref="SessionEntryException">The entry is not such a value.</exception>
    public static T? Read<T>(SessionEntry entry)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(entry.Value, JsonSerializerOptions.Web);
        }
        catch (JsonException exception)
        {
            throw SessionEntryException.NotReadable(entry.Name, typeof(T), exception);
        }
    }

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web);
}
