using System.Collections.Immutable;
using System.Text;
using OrleansSessions.Contracts;

namespace OrleansSessions.Php.Tests;

/// <summary>Payloads as text: one character per byte (Latin-1), so that every byte can be written.</summary>
internal static class Text
{
    public const int MaxEntries = 1_000;

    public const int MaxNameBytes = 256;

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string Of(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>Creates an entry with a PHP value.</summary>
    public static SessionEntry Entry(string name, string serialized) => new() { Name = name, Value = Bytes(serialized), Format = EntryFormat.Php };

    public static bool TrySplit(ReadOnlySpan<byte> payload, out PhpHandler handler, out ImmutableArray<SessionEntry> entries) =>
        PhpPayload.TrySplit(payload, MaxEntries, MaxNameBytes, out handler, out entries);

    public static bool TrySplit(string payload, out PhpHandler handler, out ImmutableArray<SessionEntry> entries) =>
        TrySplit(Bytes(payload), out handler, out entries);
}
