using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text;

namespace OrleansSessions.EndToEnd.Tests.Steps;

/// <summary>One message of the Redis protocol (RESP2): a command, or a reply.</summary>
internal static class RespMessage
{
    /// <summary>Maximum length of a kept text. Keys are shorter; values need not be kept.</summary>
    private const int MaxText = 256;

    /// <summary>Reads messages until the stream ends. Each is valid until the next.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="texts">Receives the beginnings of each message's strings.</param>
    public static async IAsyncEnumerable<ReadOnlySequence<byte>> ReadAllAsync(Stream stream, List<string> texts)
    {
        PipeReader reader = PipeReader.Create(stream);
        ReadResult received;
        do
        {
            received = await reader.ReadAsync();
            ReadOnlySequence<byte> buffer = received.Buffer;
            while (TryTake(ref buffer, out ReadOnlySequence<byte> message, texts))
            {
                yield return message;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
        while (!received.IsCompleted);
    }

    /// <summary>Takes the first message from the buffer, if it is there as a whole.</summary>
    /// <param name="buffer">The received bytes; afterwards those behind the message.</param>
    /// <param name="message">The bytes of the message.</param>
    /// <param name="texts">The beginnings of its strings.</param>
    private static bool TryTake(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> message, List<string> texts)
    {
        texts.Clear();
        var reader = new SequenceReader<byte>(buffer);
        if (!TrySkip(ref reader, texts))
        {
            message = default;
            return false;
        }

        message = buffer.Slice(0, reader.Position);
        buffer = buffer.Slice(reader.Position);
        return true;
    }

    private static bool TrySkip(ref SequenceReader<byte> reader, List<string> texts)
    {
        if (!reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8))
        {
            return false;
        }

        byte type = line.FirstSpan[0];
        return type switch
        {
            (byte)'+' or (byte)'-' or (byte)':' => true,
            (byte)'$' => TrySkipString(ref reader, NumberOf(line), texts),
            (byte)'*' => TrySkipAll(ref reader, NumberOf(line), texts),
            _ => throw new InvalidDataException($"A message of the Redis protocol can't begin with '{(char)type}'."),
        };
    }

    private static bool TrySkipAll(ref SequenceReader<byte> reader, int count, List<string> texts)
    {
        for (int i = 0; i < count; i++)
        {
            if (!TrySkip(ref reader, texts))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TrySkipString(ref SequenceReader<byte> reader, int length, List<string> texts)
    {
        if (length < 0)
        {
            return true;
        }

        if (reader.Remaining < length + 2)
        {
            return false;
        }

        texts.Add(Encoding.Latin1.GetString(reader.UnreadSequence.Slice(0, Math.Min(length, MaxText))));
        reader.Advance(length + 2);
        return true;
    }

    private static int NumberOf(ReadOnlySequence<byte> line) =>
        Utf8Parser.TryParse(line.Slice(1).ToArray(), out int number, out _) ? number : throw new InvalidDataException("A length in the Redis protocol is not a number.");
}
