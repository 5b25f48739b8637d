using System.Text.Json;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>The typed values' form in an entry: UTF-8 JSON, with the web defaults of System.Text.Json.</summary>
internal static class SessionJson
{
    public static T? Read<T>(SessionEntry entry) => JsonSerializer.Deserialize<T>(entry.Value, JsonSerializerOptions.Web);

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web);
}
