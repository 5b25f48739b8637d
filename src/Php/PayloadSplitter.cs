using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using OrleansSessions.Contracts;

namespace OrleansSessions.Php;

/// <summary>Splitter of one payload into entries.</summary>
internal sealed class PayloadSplitter(PhpHandler handler, int maxEntries, int maxNameBytes)
{
    private readonly ImmutableArray<SessionEntry>.Builder _entries = ImmutableArray.CreateBuilder<SessionEntry>();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public ImmutableArray<SessionEntry> Entries => _entries.DrainToImmutable();

    public bool TrySplit(ReadOnlySpan<byte> payload)
    {
        var reader = new PhpReader(payload);
        return handler == PhpHandler.PhpSerialize ? TrySplitArray(ref reader) : TrySplitNames(ref reader);
    }

    /// <summary><c>a:2:{s:4:"isex";s:5:"Hello";i:7;i:1;}</c></summary>
    private bool TrySplitArray(ref PhpReader reader)
    {
        if (!reader.TryReadArrayStart(out int count) || count > maxEntries)
        {
            return false;
        }

        for (; count > 0; count--)
        {
            if (!reader.TryReadKey(out long number, out ReadOnlySpan<byte> text, out bool isNumber)
                || !TryAdd(isNumber ? Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)) : text, ref reader))
            {
                return false;
            }
        }

        return reader.TryRead("}"u8) && reader.AtEnd;
    }

    /// <summary><c>isex|s:5:"Hello";n|i:1;</c></summary>
    private bool TrySplitNames(ref PhpReader reader)
    {
        while (!reader.AtEnd)
        {
            if (_entries.Count == maxEntries
                || !reader.TryReadUntil(PhpName.End, maxNameBytes, out ReadOnlySpan<byte> text)
                || !TryAdd(text, ref reader))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryAdd(ReadOnlySpan<byte> text, ref PhpReader reader)
    {
        if (text.Length > maxNameBytes || !Utf8.IsValid(text) || !PhpName.CanBeIn(handler, text))
        {
            return false;
        }

        string name = Encoding.UTF8.GetString(text);
        if (!SessionEntry.IsValidName(name) || !_names.Add(name) || !reader.TryReadValue(out ReadOnlySpan<byte> value))
        {
            return false;
        }

        _entries.Add(new SessionEntry { Name = name, Value = value.ToArray(), Format = EntryFormat.Php });
        return true;
    }
}
