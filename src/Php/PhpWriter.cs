using System.Buffers;
using System.Globalization;
using System.Text;
using OrleansSessions.Contracts;

namespace OrleansSessions.Php;

/// <summary>Writer of PHP's <c>serialize()</c> format.</summary>
internal sealed class PhpWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    public void WriteRaw(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    public void WriteNull() => _buffer.Write("N;"u8);

    public void WriteBoolean(bool value) => _buffer.Write(value ? "b:1;"u8 : "b:0;"u8);

    public void WriteInteger(long value) => _buffer.Write(PhpInteger.Write(value));

    public void WriteDouble(double value) => WriteText($"d:{PhpDouble.Format(value)};");

    public void WriteString(ReadOnlySpan<byte> value)
    {
        WriteText(string.Create(CultureInfo.InvariantCulture, $"s:{value.Length}:\""));
        _buffer.Write(value);
        _buffer.Write("\";"u8);
    }

    /// <summary>An array's key: an integer if it looks like one, as in PHP.</summary>
    public void WriteKey(ReadOnlySpan<byte> name)
    {
        if (CanonicalInteger.TryParse(name, out long number))
        {
            WriteInteger(number);
        }
        else
        {
            WriteString(name);
        }
    }

    public void WriteArrayStart(int count) => WriteText(string.Create(CultureInfo.InvariantCulture, $"a:{count}:{{"));

    public void WriteArrayEnd() => _buffer.Write("}"u8);

    private void WriteText(string text) => Encoding.UTF8.GetBytes(text, _buffer);
}
