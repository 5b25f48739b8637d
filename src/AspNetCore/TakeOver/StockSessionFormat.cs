using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.TakeOver;

/// <summary>
/// How the stock DistributedSession stores a session: the byte 2, the number of entries in 3 bytes, 16 bytes of id; then for each entry the length of
/// its key in 2 bytes, the key in UTF-8, the length of its value in 4 bytes, the value. Numbers are big-endian.
/// </summary>
internal static class StockSessionFormat
{
    private const byte Revision = 2;
    private const int HeaderBytes = 1 + 3 + IdBytes;
    private const int IdBytes = 16;

    /// <summary>Reads a session as the changes that make it. False: it is none, or cut off.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out List<SessionChange>? changes)
    {
        changes = null;
        if (data.Length < HeaderBytes || data[0] != Revision)
        {
            return false;
        }

        int count = (data[1] << 16) | BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
        List<SessionChange> read = [];
        data = data[HeaderBytes..];
        for (int i = 0; i < count; i++)
        {
            if (!TryTake(ref data, sizeof(ushort), out ReadOnlySpan<byte> length)
                || !TryTake(ref data, BinaryPrimitives.ReadUInt16BigEndian(length), out ReadOnlySpan<byte> key)
                || !TryTake(ref data, sizeof(int), out length)
                || !TryTake(ref data, BinaryPrimitives.ReadInt32BigEndian(length), out ReadOnlySpan<byte> value))
            {
                return false;
            }

            read.Add(SessionChange.Set(Encoding.UTF8.GetString(key), value.ToArray()));
        }

        changes = read;
        return true;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> data, int length, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (length < 0 || length > data.Length)
        {
            return false;
        }

        taken = data[..length];
        data = data[length..];
        return true;
    }
}
