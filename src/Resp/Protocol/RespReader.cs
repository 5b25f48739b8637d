using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using OrleansSessions.Contracts;

namespace OrleansSessions.Resp.Protocol;

/// <summary>
/// Reader of commands: arrays of bulk strings (<c>*2\r\n$3\r\nGET\r\n$1\r\nk\r\n</c>) and inline commands (<c>GET k\r\n</c>). It keeps its state inside an
/// incomplete command, so it scans no byte twice, however small the pieces in which the command arrives.
/// </summary>
/// <remarks>
/// A command above an option's limit is read to its end and dropped before it is refused: its client sends it whole before it reads, and would otherwise see a
/// broken pipe instead of the error.
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

    /// <summary>Whether part of a command has been consumed.</summary>
    public bool IsInsideCommand => _missingStrings > 0;

    /// <summary>The bytes consumed of an incomplete command.</summary>
    public long TakenBytes { get; private set; }

    /// <summary>Reads one command from the start of <paramref name="buffer"/>, skipping empty ones before it.</summary>
    /// <param name="buffer">
    /// The received bytes; on return, the unconsumed ones. After a call that returned false, the next call's buffer must start with them.
    /// </param>
    /// <param name="limits">The command's size limits.</param>
    /// <param name="command">The command, or null if it is incomplete.</param>
    /// <exception cref="RespProtocolException">The command is invalid or too large. The reader can't be used any more.</exception>
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
                $"invalid multibulk length: {count} strings exceed Resp:MaxArguments, {limits.MaxArguments}",
                "unauthenticated multibulk length");
        }

        // An empty or null array is not a command and gets no reply.
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

        // The line break after the string is skipped without checking, as in Redis.
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

    /// <summary>Reads and drops the rest of a command. Not done for unauthenticated clients.</summary>
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
            // Redis prints the byte unchanged; a line break would end the reply early.
            throw new RespProtocolException($"expected '$', got '{(type is (byte)'\r' or (byte)'\n' ? ' ' : (char)type)}'");
        }

        if (!TryParse(line, out long length) || length < 0 || (limits.IsAuthenticated && length > RespLimits.MaxSkippedBytes))
        {
            throw new RespProtocolException("invalid bulk length");
        }

        if (length > limits.MaxBulkBytes)
        {
            Refuse(
                limits, $"invalid bulk length: {length} bytes exceed Resp:MaxBulkBytes, {limits.MaxBulkBytes}", "unauthenticated bulk length");
        }

        _commandBytes += length;
        if (_commandBytes > limits.MaxCommandBytes)
        {
            Refuse(
                limits, $"invalid bulk length: the command exceeds {limits.MaxCommandBytes} bytes, twice Resp:MaxBulkBytes", "invalid bulk length");
        }

        if (_commandBytes > RespLimits.MaxSkippedBytes && _refusal is not null)
        {
            throw new RespProtocolException(_refusal) { IsOverLimit = true };
        }

        _bulkLength = (int)length;
        _unskipped = length + 2;
        return true;
    }

    /// <summary>Reads a header line. It ends with CR and any one byte, as in Redis.</summary>
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

        // Remember the position even if found: the rest may be missing, and the search is repeated then.
        _scanned = found ? reader.Consumed : buffer.Length;

        // The limit must not depend on how the command is split into pieces.
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
