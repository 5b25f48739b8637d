using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using OrleansSessions.Contracts;

namespace OrleansSessions.Resp.Protocol;

/// <summary>
/// Reads commands from what a client sends: arrays of bulk strings (<c>*2\r\n$3\r\nGET\r\n$1\r\nk\r\n</c>) and inline commands (<c>GET k\r\n</c>). It keeps
/// what it has read of an unfinished command, so that no byte is looked at twice, however small the pieces are in which the command arrives.
/// </summary>
/// <remarks>
/// A command that is larger than an option allows is read to its end and dropped before it is refused. Its client sends it whole before it reads anything, and
/// would see a broken pipe instead of the refusal.
/// </remarks>
internal sealed class RespReader
{
    private const int Unknown = -1;

    private readonly List<ReadOnlyMemory<byte>> _strings = [];
    private int _missingStrings;
    private int _bulkLength = Unknown;
    private long _commandBytes;
    private long _scanned;
    private string? _refusal;
    private long _unskipped;

    /// <summary>Whether the start of a command has been taken from the buffer and its end has not.</summary>
    public bool IsInsideCommand => _missingStrings > 0;

    /// <summary>The bytes that have been taken from the buffer for a command whose end has not.</summary>
    public long TakenBytes { get; private set; }

    /// <summary>Takes one command from the start of <paramref name="buffer"/>, and empty commands before it.</summary>
    /// <param name="buffer">
    /// The received bytes; on return, those not consumed yet. After a call that returned false, the next call's buffer must start with them.
    /// </param>
    /// <param name="limits">How large the command may be.</param>
    /// <param name="command">The command, or null if it is not complete yet.</param>
    /// <exception cref="RespProtocolException">This is no command, or too large a one. The reader can't be used any more.</exception>
    public bool TryReadCommand(ref ReadOnlySequence<byte> buffer, RespLimits limits, [NotNullWhen(true)] out RespCommand? command)
    {
        command = null;
        while (_missingStrings == 0)
        {
            if (buffer.IsEmpty)
            {
                return false;
            }

            if (buffer.FirstSpan[0] == '*')
            {
                if (!TryReadArrayHeader(ref buffer, limits))
                {
                    return false;
                }
            }
            else if (!TryReadInline(ref buffer, out command))
            {
                return false;
            }
            else if (command is not null)
            {
                return true;
            }
        }

        while (_missingStrings > 0)
        {
            if (!TryReadBulk(ref buffer, limits))
            {
                return false;
            }
        }

        if (_refusal is not null)
        {
            throw new RespProtocolException(_refusal) { IsOverLimit = true };
        }

        command = new RespCommand([.. _strings]);
        _strings.Clear();
        _commandBytes = TakenBytes = 0;
        return true;
    }

    private bool TryReadArrayHeader(ref ReadOnlySequence<byte> buffer, RespLimits limits)
    {
        if (!TryReadHeader(ref buffer, "too big mbulk count string", out ReadOnlySequence<byte> line))
        {
            return false;
        }

        if (!TryParse(line, out long count) || (limits.IsAuthenticated && count > Math.Max(limits.MaxArguments, RespLimits.MaxSkippedArguments)))
        {
            throw new RespProtocolException("invalid multibulk length");
        }

        if (count > limits.MaxArguments)
        {
            Refuse(
                limits,
                $"invalid multibulk length: {count} strings are more than Resp:MaxArguments allows, {limits.MaxArguments}",
                "unauthenticated multibulk length");
        }

        // An empty or null array is no command, and has no reply.
        _missingStrings = (int)Math.Max(count, 0);
        return true;
    }

    private bool TryReadBulk(ref ReadOnlySequence<byte> buffer, RespLimits limits)
    {
        if (_bulkLength == Unknown && !TryReadBulkHeader(ref buffer, limits))
        {
            return false;
        }

        if (_refusal is not null)
        {
            return TrySkipBulk(ref buffer);
        }

        // The line break after the string is counted, not looked at, as in Redis.
        if (buffer.Length < _bulkLength + 2L)
        {
            return false;
        }

        _strings.Add(buffer.Slice(0, _bulkLength).ToArray());
        TakenBytes += _bulkLength;
        buffer = buffer.Slice(_bulkLength + 2L);
        _bulkLength = Unknown;
        _missingStrings--;
        return true;
    }

    private bool TrySkipBulk(ref ReadOnlySequence<byte> buffer)
    {
        long skipped = Math.Min(_unskipped, buffer.Length);
        buffer = buffer.Slice(skipped);
        _unskipped -= skipped;
        if (_unskipped > 0)
        {
            return false;
        }

        _bulkLength = Unknown;
        _missingStrings--;
        return true;
    }

    /// <summary>Reads the rest of a command and drops it. Not done for unauthenticated clients.</summary>
    private void Refuse(RespLimits limits, string refusal, string? ofStrangers = null)
    {
        if (!limits.IsAuthenticated)
        {
            throw new RespProtocolException(ofStrangers ?? refusal);
        }

        _refusal ??= refusal;
        _strings.Clear();
        TakenBytes = 0;
    }

    private bool TryReadBulkHeader(ref ReadOnlySequence<byte> buffer, RespLimits limits)
    {
        byte type = buffer.IsEmpty ? (byte)'$' : buffer.FirstSpan[0];
        if (!TryReadHeader(ref buffer, "too big bulk count string", out ReadOnlySequence<byte> line))
        {
            return false;
        }

        if (type != '$')
        {
            // Redis prints the byte as it is; a line break would end the reply early.
            throw new RespProtocolException($"expected '$', got '{(type is (byte)'\r' or (byte)'\n' ? ' ' : (char)type)}'");
        }

        if (!TryParse(line, out long length) || length < 0 || (limits.IsAuthenticated && length > RespLimits.MaxSkippedBytes))
        {
            throw new RespProtocolException("invalid bulk length");
        }

        if (length > limits.MaxBulkBytes)
        {
            Refuse(
                limits, $"invalid bulk length: {length} bytes are more than Resp:MaxBulkBytes allows, {limits.MaxBulkBytes}", "unauthenticated bulk length");
        }

        _commandBytes += length;
        if (_commandBytes > limits.MaxCommandBytes)
        {
            Refuse(
                limits, $"invalid bulk length: a command of more than {limits.MaxCommandBytes} bytes, twice Resp:MaxBulkBytes", "invalid bulk length");
        }

        if (_commandBytes > RespLimits.MaxSkippedBytes && _refusal is not null)
        {
            throw new RespProtocolException(_refusal) { IsOverLimit = true };
        }

        _bulkLength = (int)length;
        _unskipped = length + 2;
        return true;
    }

    /// <summary>Takes a header's line. It ends with CR and any one byte, as in Redis.</summary>
    private bool TryReadHeader(ref ReadOnlySequence<byte> buffer, string tooLong, out ReadOnlySequence<byte> line)
    {
        line = default;
        if (FindInLine(buffer, (byte)'\r', tooLong) is not { } length || buffer.Length < length + 2)
        {
            return false;
        }

        line = buffer.Slice(0, length);
        buffer = buffer.Slice(length + 2);
        _scanned = 0;
        return true;
    }

    private bool TryReadInline(ref ReadOnlySequence<byte> buffer, out RespCommand? command)
    {
        command = null;
        if (FindInLine(buffer, (byte)'\n', "too big inline request") is not { } length)
        {
            return false;
        }

        ReadOnlyMemory<byte>[] strings = InlineCommand.Split(buffer.Slice(0, length).ToArray())
            ?? throw new RespProtocolException("unbalanced quotes in request");
        buffer = buffer.Slice(length + 1);
        _scanned = 0;
        if (strings.Length > 0)
        {
            command = new RespCommand(strings);
        }

        return true;
    }

    private long? FindInLine(ReadOnlySequence<byte> buffer, byte end, string tooLong)
    {
        SequenceReader<byte> reader = new(buffer);
        reader.Advance(_scanned);
        bool found = reader.TryAdvanceTo(end, advancePastDelimiter: false);

        // Even if it is found: what follows it may be missing, and then it is looked for again.
        _scanned = found ? reader.Consumed : buffer.Length;

        // Not more is accepted when it arrives in one piece than in many.
        return _scanned > RespLimits.MaxLineBytes ? throw new RespProtocolException(tooLong) : found ? _scanned : null;
    }

    private static bool TryParse(ReadOnlySequence<byte> line, out long value)
    {
        const int longest = 21;
        value = 0;
        if (line.Length > longest)
        {
            return false;
        }

        Span<byte> text = stackalloc byte[longest];
        line.CopyTo(text);
        return CanonicalInteger.TryParse(text[1..(int)line.Length], out value);
    }
}
