using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace OrleansSessions.Resp.Protocol;

/// <summary>Writer of replies in RESP2 or RESP3.</summary>
internal static class RespWriter
{
    /// <summary>Protocol of a connection that has not sent HELLO.</summary>
    public const int Resp2 = 2;

    /// <summary>Protocol with separate types for maps, pushed messages and null.</summary>
    public const int Resp3 = 3;

    // Type byte, sign, 19 digits and line break.
    private const int MaxHeaderBytes = 24;

    // Type byte and line break.
    private const int LineFrameBytes = 3;

    private static readonly SearchValues<byte> LineBreaks = SearchValues.Create("\r\n"u8);

    /// <summary>Writes a whole reply.</summary>
    public static void Write(IBufferWriter<byte> output, Reply reply, int protocol)
    {
        foreach (Reply part in WriteStart(output, reply, protocol) ?? [])
        {
            Write(output, part, protocol);
        }
    }

    /// <summary>Writes a reply; for one that consists of other replies, only its header.</summary>
    /// <returns>The replies still to be written, so that a large reply can be sent in pieces; null: complete.</returns>
    public static IEnumerable<Reply>? WriteStart(IBufferWriter<byte> output, Reply reply, int protocol)
    {
        switch (reply)
        {
            case SimpleStringReply simple:
                WriteLine(output, (byte)'+', simple.Text);
                break;
            case ErrorReply error:
                WriteLine(output, (byte)'-', error.Text);
                break;
            case IntegerReply integer:
                WriteHeader(output, (byte)':', integer.Value);
                break;
            case BulkReply bulk:
                WriteBulk(output, bulk.Value.Span);
                break;
            case VerbatimReply verbatim when protocol == Resp3:
                WriteVerbatim(output, Encoding.UTF8.GetBytes(verbatim.Text));
                break;
            case VerbatimReply verbatim:
                WriteBulk(output, Encoding.UTF8.GetBytes(verbatim.Text));
                break;
            case NullReply or NullArrayReply when protocol == Resp3:
                output.Write("_\r\n"u8);
                break;
            case NullReply:
                output.Write("$-1\r\n"u8);
                break;
            case NullArrayReply:
                output.Write("*-1\r\n"u8);
                break;
            case ArrayReply array:
                WriteHeader(output, (byte)'*', array.Items.Count);
                return array.Items;
            case PushReply push:
                WriteHeader(output, protocol == Resp3 ? (byte)'>' : (byte)'*', push.Items.Count);
                return push.Items;
            case MapReply map when protocol == Resp3:
                WriteHeader(output, (byte)'%', map.Pairs.Count);
                return map.Parts;
            case MapReply map:
                WriteHeader(output, (byte)'*', 2L * map.Pairs.Count);
                return map.Parts;
            case ReplySequence sequence:
                return sequence.Items;
            default:
                throw new NotSupportedException($"There is no form of {reply.GetType().Name} in RESP.");
        }

        return null;
    }

    private static void WriteBulk(IBufferWriter<byte> output, ReadOnlySpan<byte> value)
    {
        WriteHeader(output, (byte)'$', value.Length);
        output.Write(value);
        output.Write("\r\n"u8);
    }

    private static void WriteVerbatim(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> format = "txt:"u8;
        WriteHeader(output, (byte)'=', format.Length + text.Length);
        output.Write(format);
        output.Write(text);
        output.Write("\r\n"u8);
    }

    private static void WriteHeader(IBufferWriter<byte> output, byte type, long number)
    {
        Span<byte> span = output.GetSpan(MaxHeaderBytes);
        span[0] = type;
        Utf8Formatter.TryFormat(number, span[1..], out int digits);
        "\r\n"u8.CopyTo(span[(1 + digits)..]);
        output.Advance(digits + 3);
    }

    private static void WriteLine(IBufferWriter<byte> output, byte type, string text)
    {
        Span<byte> line = output.GetSpan(text.Length + LineFrameBytes);
        line[0] = type;
        int end = 1 + Encoding.Latin1.GetBytes(text, line[1..]);

        // Errors quote the client's bytes unchanged, as in Redis; but a quoted line break must not end the reply.
        line[1..end].ReplaceAny(LineBreaks, (byte)' ');
        "\r\n"u8.CopyTo(line[end..]);
        output.Advance(text.Length + LineFrameBytes);
    }
}
