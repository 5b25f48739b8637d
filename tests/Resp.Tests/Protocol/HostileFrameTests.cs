using System.Buffers;
using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Tests.Protocol;

/// <summary>A million malformed frames. Each yields a command, a protocol error, or is incomplete; splitting it changes nothing.</summary>
public sealed class HostileFrameTests
{
    private const int RandomFrames = 500_000;
    private const int MutatedFrames = 500_000;

    private static readonly RespLimits Limits = new() { MaxArguments = 20, MaxBulkBytes = 100 };

    private static readonly byte[][] Frames =
    [
        "*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\nvalue\r\n"u8.ToArray(),
        "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n*1\r\n$4\r\nPING\r\n"u8.ToArray(),
        "SET \"a\\x00b\" 'c d' e\r\nPING\r\n"u8.ToArray(),
        "*0\r\n\r\n*-1\r\n*1\r\n$0\r\n\r\nQUIT\n"u8.ToArray(),
    ];

    /// <summary>The protocol's own characters, so that random bytes pass the first check.</summary>
    private static readonly byte[] Alphabet = "**$$$\r\r\n\n\r\n0123456789-- \"'\\xPINGset\0\xff"u8.ToArray();

    [Fact]
    public void TryReadCommand_RandomFrames_DoNoHarm()
    {
        const int seed = 20260;
        Random random = new(seed);
        byte[] frame = new byte[48];
        for (int i = 0; i < RandomFrames; i++)
        {
            Span<byte> bytes = frame.AsSpan(0, 1 + random.Next(frame.Length - 1));
            random.GetItems(Alphabet, bytes);
            if (i % 4 == 0)
            {
                random.NextBytes(bytes);
            }

            AssertUnharmed(frame, bytes.Length, random, seed, i);
        }
    }

    [Fact]
    public void TryReadCommand_MutatedFrames_DoNoHarm()
    {
        const int seed = 20261;
        Random random = new(seed);
        byte[] frame = new byte[96];
        for (int i = 0; i < MutatedFrames; i++)
        {
            byte[] original = Frames[random.Next(Frames.Length)];
            original.CopyTo(frame, 0);
            int length = original.Length;
            for (int mutations = 1 + random.Next(4); mutations > 0; mutations--)
            {
                length = Mutate(frame, length, random);
            }

            AssertUnharmed(frame, length, random, seed, i);
        }
    }

    /// <summary>Replaces, removes, duplicates or cuts bytes; returns the new length.</summary>
    private static int Mutate(byte[] frame, int length, Random random)
    {
        int at = random.Next(length);
        switch (random.Next(4))
        {
            case 0:
                frame[at] = Alphabet[random.Next(Alphabet.Length)];
                return length;
            case 1 when length > 1:
                frame.AsSpan(at + 1, length - at - 1).CopyTo(frame.AsSpan(at));
                return length - 1;
            case 2 when length < frame.Length:
                frame.AsSpan(at, length - at).CopyTo(frame.AsSpan(at + 1));
                return length + 1;
            default:
                return at + 1;
        }
    }

    private static void AssertUnharmed(byte[] frame, int length, Random random, int seed, int number)
    {
        (int whole, string? error) = Read(frame, length, length);
        (int inPieces, string? errorInPieces) = Read(frame, length, 1 + random.Next(length));
        Assert.True(
            whole == inPieces && error == errorInPieces,
            $"Frame {number} of seed {seed}: {whole} bytes of commands and '{error}' in one piece, {inPieces} and '{errorInPieces}' in two.");
    }

    /// <summary>The number of bytes in commands, and the error, of a frame that arrives in two pieces.</summary>
    private static (int Bytes, string? Error) Read(byte[] frame, int length, int split)
    {
        var reader = new RespReader();
        int bytes = 0;
        long start = 0;
        try
        {
            foreach (int end in (ReadOnlySpan<int>)[split, length])
            {
                var buffer = new ReadOnlySequence<byte>(frame, (int)start, end - (int)start);
                long before = buffer.Length;
                while (reader.TryReadCommand(ref buffer, Limits, out RespCommand? command))
                {
                    bytes += command.RawName.Length;
                    for (int i = 0; i < command.Count; i++)
                    {
                        bytes += command[i].Length;
                    }
                }

                start += before - buffer.Length;
            }

            return (bytes, null);
        }
        catch (RespProtocolException exception)
        {
            return (bytes, exception.Message);
        }
    }
}
