namespace OrleansSessions.Contracts;

/// <summary>Integers as entry values. Their form depends on the entry's format.</summary>
internal static class EntryNumber
{
    public static bool TryRead(ReadOnlySpan<byte> value, EntryFormat format, out long number)
    {
        number = 0;
        return format switch
        {
            EntryFormat.Bytes or EntryFormat.Json => CanonicalInteger.TryParse(value, out number),
            EntryFormat.Php => PhpInteger.TryRead(value, out number, out int length) && length == value.Length,
            _ => false,
        };
    }

    public static byte[] Write(long number, EntryFormat format) => format == EntryFormat.Php ? PhpInteger.Write(number) : CanonicalInteger.Write(number);
}
