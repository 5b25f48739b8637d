using System.Collections.Immutable;
using System.Text;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Tests.Clusters;

/// <summary>Entries as text, for tests to write and compare.</summary>
internal static class Entries
{
    public static SessionChange Set(string name, string value) => SessionChange.Set(name, Encoding.UTF8.GetBytes(value));

    /// <summary>All entries as <c>name=value</c>, in their order.</summary>
    public static string[] Text(this ImmutableArray<SessionEntry> entries) =>
        [.. entries.Select(entry => $"{entry.Name}={Encoding.UTF8.GetString(entry.Value)}")];

    public static string? Text(this SessionSnapshot snapshot, string name) =>
        snapshot.Entries.FirstOrDefault(entry => entry.Name == name) is { } found ? Encoding.UTF8.GetString(found.Value) : null;
}
