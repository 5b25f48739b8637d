using System.Text.Json;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Final output of the test's script.</summary>
/// <param name="Id">The session's id.</param>
/// <param name="Entries">The session's entries, as JSON printed by PHP.</param>
internal sealed record PhpAnswer(string Id, IReadOnlyDictionary<string, JsonElement> Entries)
{
    /// <summary>The server that answered.</summary>
    public string Server { get; init; } = string.Empty;

    /// <summary>An entry as JSON, or null if there is none.</summary>
    public string? this[string name] => Entries.TryGetValue(name, out JsonElement value) ? value.GetRawText() : null;
}
