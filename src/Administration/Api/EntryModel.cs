using System.Text.Json.Serialization;
using OrleansSessions.Contracts;

namespace OrleansSessions.Administration.Api;

/// <summary>Entry in the API's answers.</summary>
/// <param name="Name">The entry's name.</param>
/// <param name="Bytes">The size of its value.</param>
/// <param name="Format">The format of its value.</param>
/// <param name="Value">The value in base64; null: not asked for.</param>
internal sealed record EntryModel(
    string Name,
    int Bytes,
    [property: JsonConverter(typeof(JsonStringEnumConverter<EntryFormat>))] EntryFormat Format,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] byte[]? Value)
{
    public static EntryModel Of(SessionEntry entry, bool withValue) => new(entry.Name, entry.Value.Length, entry.Format, withValue ? entry.Value : null);
}
