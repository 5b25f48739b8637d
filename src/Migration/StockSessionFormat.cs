using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using OrleansSessions.Contracts;

namespace OrleansSessions.Migration;

/// <summary>
/// The stock DistributedSession's format on RedisCache: a hash with the sliding expiry in ticks and the data. Data is the byte 2, the number of entries in 3 bytes,
/// 16 bytes of id; then for each entry the length of its key in 2 bytes, the key in UTF-8, the length of its value in 4 bytes, the value. Numbers are big-endian.
/// </summary>
internal static class StockSessionFormat
{
    private const string SlidingExpiry = "sldexp";
    private const string Data = "data";
    private const byte Revision = 2;
    private const int HeaderBytes = 1 + 3 + IdBytes;
    private const int IdBytes = 16;

    /// <summary>Reads a session; null if the value is not one.</summary>
    /// <param name="value">The hash.</param>
    /// <param name="newSession">The lifetime if it has no sliding expiry.</param>
    public static ImportedSession? Read(OldValue value, SessionLifetime newSession)
    {
        Dictionary<string, byte[]> fields = value.Fields.ToDictionary();
        if (!fields.TryGetValue(Data, out byte[]? data) || !TryRead(data, out List<SessionChange>? changes))
        {
            return null;
        }

        long ticks = 0;
        bool slides = fields.TryGetValue(SlidingExpiry, out byte[]? sliding) && long.TryParse(sliding, CultureInfo.InvariantCulture, out ticks) && ticks > 0;
        return new ImportedSession(changes, slides ? newSession with { IdleTimeout = TimeSpan.FromTicks(ticks) } : newSession);
    }

    /// <summary>Reads a session as the changes that create it. Returns false if the data is malformed or truncated.</summary>
    private static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out List<SessionChange>? changes)
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
