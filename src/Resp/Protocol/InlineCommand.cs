using System.Globalization;

namespace OrleansSessions.Resp.Protocol;

/// <summary>
/// Inline command parser with Redis' rules: white space separates strings; <c>"..."</c> allows the escapes <c>\n \r \t \b \a \xHH</c>, and any other escaped byte
/// stands for itself; <c>'...'</c> allows only <c>\'</c>. A closing quote must end its string.
/// </summary>
internal static class InlineCommand
{
    /// <summary>Returns the strings of a line, or null if its quotes are unbalanced.</summary>
    public static ReadOnlyMemory<byte>[]? Split(ReadOnlySpan<byte> line)
    {
        // Redis reads a line as a C string.
        int end = line.IndexOf((byte)0);
        line = end < 0 ? line : line[..end];
        List<ReadOnlyMemory<byte>> strings = [];
        List<byte> current = [];
        int position = 0;
        while (true)
        {
            while (position < line.Length && IsSpace(line[position]))
            {
                position++;
            }

            if (position == line.Length)
            {
                return [.. strings];
            }

            current.Clear();
            if (!TryReadString(line, ref position, current))
            {
                return null;
            }

            strings.Add(current.ToArray());
        }
    }

    private static bool TryReadString(ReadOnlySpan<byte> line, ref int position, List<byte> target)
    {
        while (position < line.Length && !IsSpace(line[position]))
        {
            byte next = line[position++];
            if (next is not ((byte)'"' or (byte)'\''))
            {
                target.Add(next);
            }
            else if (!TryReadQuoted(line, next, ref position, target))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryReadQuoted(ReadOnlySpan<byte> line, byte quote, ref int position, List<byte> target)
    {
        while (position < line.Length)
        {
            byte next = line[position++];
            if (next == quote)
            {
                return position == line.Length || IsSpace(line[position]);
            }

            if (next == '\\' && position < line.Length && (quote == '"' || line[position] == '\''))
            {
                target.Add(ReadEscape(line, quote, ref position));
            }
            else
            {
                target.Add(next);
            }
        }

        return false;
    }

    private static byte ReadEscape(ReadOnlySpan<byte> line, byte quote, ref int position)
    {
        byte escaped = line[position++];
        if (quote == '\'')
        {
            return escaped;
        }

        if (escaped == 'x' && position + 2 <= line.Length
            && byte.TryParse(line.Slice(position, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
        {
            position += 2;
            return value;
        }

        return escaped switch
        {
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            (byte)'b' => (byte)'\b',
            (byte)'a' => (byte)'\a',
            _ => escaped,
        };
    }

    private static bool IsSpace(byte value) => value is (byte)' ' or (>= 9 and <= 13);
}
