using OrleansSessions.Contracts;

namespace OrleansSessions.Php;

/// <summary>
/// Reader of PHP's <c>serialize()</c> format, limited to position-independent values: no references (<c>R:</c>, <c>r:</c>), which count values from the start
/// of the payload, and no custom-serialized objects (<c>C:</c>), whose end only their class knows. It reads each byte once and trusts no count or length that
/// the text does not confirm.
/// </summary>
/// <param name="text">The text.</param>
/// <param name="lists">Receives, for each array in order of appearance, whether its keys are 0, 1, 2, ...</param>
internal ref struct PhpReader(ReadOnlySpan<byte> text, List<bool>? lists = null)
{
    /// <summary>Maximum nesting depth of arrays and objects.</summary>
    public const int MaxDepth = 256;

    /// <summary>Minimum bytes per member: <c>i:0;N;</c>.</summary>
    private const int MinMemberLength = 6;

    private ReadOnlySpan<byte> _rest = text;

    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>Next byte: the type letter of a value.</summary>
    public readonly byte Next => _rest.IsEmpty ? (byte)0 : _rest[0];

    /// <summary>Whether a text is exactly one value.</summary>
    public static bool IsValue(ReadOnlySpan<byte> text, List<bool>? lists = null)
    {
        var reader = new PhpReader(text, lists);
        return reader.TrySkipValue() && reader.AtEnd;
    }

    /// <summary>Reads a value as its own bytes.</summary>
    public bool TryReadValue(out ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> start = _rest;
        bool isValue = TrySkipValue();
        value = start[..(start.Length - _rest.Length)];
        return isValue;
    }

    /// <summary>Reads up to and including a byte. At most <paramref name="maxLength"/> bytes may precede it.</summary>
    public bool TryReadUntil(byte end, int maxLength, out ReadOnlySpan<byte> before)
    {
        before = default;
        int index = (_rest.Length > maxLength ? _rest[..(maxLength + 1)] : _rest).IndexOf(end);
        if (index < 0)
        {
            return false;
        }

        before = _rest[..index];
        _rest = _rest[(index + 1)..];
        return true;
    }

    /// <summary><c>i:5;</c></summary>
    public bool TryReadInteger(out long value)
    {
        if (!PhpInteger.TryRead(_rest, out value, out int length))
        {
            return false;
        }

        _rest = _rest[length..];
        return true;
    }

    /// <summary><c>d:0.5;</c>, <c>d:1.0E+25;</c>, <c>d:-INF;</c>, <c>d:NAN;</c></summary>
    public bool TryReadDouble(out ReadOnlySpan<byte> value)
    {
        value = default;
        return TryRead("d:"u8) && TryReadUntil((byte)';', int.MaxValue - 1, out value) && IsDouble(value);
    }

    /// <summary><c>s:5:"Hello";</c>, where 5 counts bytes.</summary>
    public bool TryReadString(out ReadOnlySpan<byte> value)
    {
        value = default;
        return TryRead("s:"u8) && TryReadQuoted(out value) && TryRead(";"u8);
    }

    /// <summary><c>a:2:{</c>; then that many keys and values, and <c>}</c>.</summary>
    public bool TryReadArrayStart(out int count)
    {
        count = 0;
        return TryRead("a:"u8) && TryReadMembersStart(out count);
    }

    /// <summary>
    /// Reads an array's key: an integer, or a string that does not look like one. PHP turns strings that do into integers.
    /// </summary>
    public bool TryReadKey(out long number, out ReadOnlySpan<byte> name, out bool isNumber)
    {
        name = default;
        isNumber = TryReadInteger(out number);
        return isNumber || TryReadString(out name) && !CanonicalInteger.TryParse(name, out _);
    }

    /// <summary>Skips the expected bytes if they come next.</summary>
    public bool TryRead(ReadOnlySpan<byte> expected)
    {
        if (!_rest.StartsWith(expected))
        {
            return false;
        }

        _rest = _rest[expected.Length..];
        return true;
    }

    private bool TrySkipValue(int depth = 0) => Next switch
    {
        (byte)'N' => TryRead("N;"u8),
        (byte)'b' => TryRead("b:0;"u8) || TryRead("b:1;"u8),
        (byte)'i' => TryReadInteger(out _),
        (byte)'d' => TryReadDouble(out _),
        (byte)'s' => TryReadString(out _),
        (byte)'a' => depth < MaxDepth && TrySkipArray(depth + 1),
        (byte)'O' => depth < MaxDepth && TrySkipObject(depth + 1),
        (byte)'E' => TryRead("E:"u8) && TryReadQuoted(out _) && TryRead(";"u8),
        _ => false,
    };

    private bool TrySkipArray(int depth)
    {
        if (!TryReadArrayStart(out int count))
        {
            return false;
        }

        int index = lists?.Count ?? 0;
        lists?.Add(true);
        for (int i = 0; i < count; i++)
        {
            if (!TryReadKey(out long number, out _, out bool isNumber) || !TrySkipValue(depth))
            {
                return false;
            }

            if (lists is not null && !(isNumber && number == i))
            {
                lists[index] = false;
            }
        }

        return TryRead("}"u8);
    }

    /// <summary><c>O:8:"stdClass":1:{s:1:"a";i:1;}</c></summary>
    private bool TrySkipObject(int depth)
    {
        if (!TryRead("O:"u8) || !TryReadQuoted(out _) || !TryRead(":"u8) || !TryReadMembersStart(out int count))
        {
            return false;
        }

        for (int i = 0; i < count; i++)
        {
            // Property names may be integers.
            if (!(TryReadInteger(out _) || TryReadString(out _)) || !TrySkipValue(depth))
            {
                return false;
            }
        }

        return TryRead("}"u8);
    }

    private bool TryReadMembersStart(out int count) =>
        TryReadLength(out count) && TryRead("{"u8) && count <= _rest.Length / MinMemberLength;

    private bool TryReadQuoted(out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!TryReadLength(out int length) || !TryRead("\""u8) || length >= _rest.Length || _rest[length] != '"')
        {
            return false;
        }

        value = _rest[..length];
        _rest = _rest[(length + 1)..];
        return true;
    }

    private bool TryReadLength(out int length)
    {
        const int MaxDigits = 10;
        length = 0;
        if (!TryReadUntil((byte)':', MaxDigits, out ReadOnlySpan<byte> digits)
            || !CanonicalInteger.TryParse(digits, out long value)
            || value is < 0 or > int.MaxValue)
        {
            return false;
        }

        length = (int)value;
        return true;
    }

    /// <summary>Checks the syntax only: PHP's precision is configurable, so any number of digits is valid.</summary>
    private static bool IsDouble(ReadOnlySpan<byte> text)
    {
        if (text.SequenceEqual("INF"u8) || text.SequenceEqual("-INF"u8) || text.SequenceEqual("NAN"u8))
        {
            return true;
        }

        var rest = new PhpReader(text);
        rest.TryRead("-"u8);
        if (!rest.TrySkipDigits() || rest.TryRead("."u8) && !rest.TrySkipDigits())
        {
            return false;
        }

        return rest.AtEnd || rest.TryRead("E"u8) && (rest.TryRead("+"u8) || rest.TryRead("-"u8)) && rest.TrySkipDigits() && rest.AtEnd;
    }

    private bool TrySkipDigits()
    {
        int count = _rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        count = count < 0 ? _rest.Length : count;
        _rest = _rest[count..];
        return count > 0;
    }
}
