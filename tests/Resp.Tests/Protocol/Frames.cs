using System.Buffers;
using System.Text;
using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Tests.Protocol;

/// <summary>Input of a reader, whole and in pieces.</summary>
internal static class Frames
{
    public static readonly RespLimits Limits = new() { MaxArguments = 1_000, MaxBulkBytes = 100_000 };

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetString(bytes.Span);

    /// <summary>A command as an array of bulk strings.</summary>
    public static byte[] Encode(params IReadOnlyList<byte[]> strings)
    {
        List<byte> frame = [.. Bytes($"*{strings.Count}\r\n")];
        foreach (byte[] value in strings)
        {
            frame.AddRange(Bytes($"${value.Length}\r\n"));
            frame.AddRange(value);
            frame.AddRange("\r\n"u8);
        }

        return [.. frame];
    }

    /// <summary>
    /// Reads bytes that arrive in pieces. Returns each command on a line, its strings separated by spaces, and the error, if any, at the end.
    /// </summary>
    public static string Read(byte[] bytes, RespLimits limits, params IReadOnlyList<int> splits)
    {
        var reader = new RespReader();
        StringBuilder read = new();
        byte[] left = [];
        int start = 0;
        foreach (int end in (IEnumerable<int>)[.. splits, bytes.Length])
        {
            byte[] piece = bytes[start..end];
            start = end;
            ReadOnlySequence<byte> buffer = Join(left, piece);
            try
            {
                while (reader.TryReadCommand(ref buffer, limits, out RespCommand? command))
                {
                    read.Append(Describe(command)).Append('\n');
                }
            }
            catch (RespProtocolException exception)
            {
                return read.Append(exception.Message).ToString();
            }

            left = buffer.ToArray();
        }

        return read.ToString();
    }

    public static string Describe(RespCommand command)
    {
        StringBuilder text = new(Text(command.RawName));
        for (int i = 0; i < command.Count; i++)
        {
            text.Append(' ').Append(Text(command[i]));
        }

        return text.ToString();
    }

    /// <summary>Joins the non-empty pieces to a sequence with one segment each.</summary>
    public static ReadOnlySequence<byte> Join(params IEnumerable<byte[]> pieces)
    {
        Segment? first = null;
        Segment? last = null;
        foreach (byte[] piece in pieces.Where(static piece => piece.Length > 0))
        {
            last = new Segment(piece, last);
            first ??= last;
        }

        return first is null ? default : new ReadOnlySequence<byte>(first, 0, last!, last!.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, Segment? before)
        {
            Memory = bytes;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }
}
