using System.Collections.Immutable;
using System.Text;
using OrleansSessions.Contracts;

namespace OrleansSessions.Bench.Micro;

/// <summary>Sample session of the other benchmarks: a counter and four entries of 100 bytes.</summary>
internal static class Samples
{
    private const int EntryBytes = 100;

    public static ImmutableArray<SessionEntry> Entries { get; } =
    [
        new SessionEntry { Name = "counter", Value = "17"u8.ToArray() },
        .. Enumerable.Range(0, 4).Select(i => new SessionEntry { Name = $"entry{i}", Value = Value }),
    ];

    public static ImmutableArray<SessionChange> Changes { get; } = [SessionChange.Set("entry1", Value), SessionChange.Add("counter", 1)];

    private static byte[] Value => Encoding.ASCII.GetBytes(new string('x', EntryBytes));
}
