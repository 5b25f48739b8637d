using System.Buffers.Binary;
using System.Runtime.InteropServices;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Storage;

/// <summary>
/// Byte format of a session's secrets in its state: the hash, whether reuse ends the session, the number of retired secrets, and for each half of its hash and two
/// times. How many of the oldest are superseded is a part of its own, which earlier versions don't know. Pure.
/// </summary>
internal static class SecretFormat
{
    private const int HalfBytes = SecretHash.Bytes / 2;

    public static int MostBytes(RetiredSecrets? retired) =>
        SecretHash.Bytes + 1 + (2 * PackedSize.Number) + ((retired?.Secrets.Length ?? 0) * (HalfBytes + (2 * PackedSize.Number)));

    public static void Write(ref PackedWriter writer, SecretHash secret, RetiredSecrets? retired)
    {
        Span<byte> hash = stackalloc byte[SecretHash.Bytes];
        secret.WriteTo(hash);
        writer.WriteBytes(hash);
        writer.WriteByte(retired is { EndOnReuse: true } ? (byte)1 : (byte)0);
        writer.WriteNumber(retired?.Secrets.Length ?? 0);
        Span<byte> half = hash[..HalfBytes];
        foreach (RetiredSecret old in retired?.Secrets ?? [])
        {
            BinaryPrimitives.WriteUInt128BigEndian(half, old.FirstHalf);
            writer.WriteBytes(half);
            writer.WriteNumber(old.ValidUntilMs);
            writer.WriteNumber(old.ReportedAtMs);
        }
    }

    public static SecretHash Read(ref PackedReader reader, out RetiredSecrets? retired)
    {
        var secret = new SecretHash(reader.ReadBytes(SecretHash.Bytes));
        bool endOnReuse = reader.ReadByte() == 1;
        var secrets = new RetiredSecret[reader.ReadCount()];
        for (int i = 0; i < secrets.Length; i++)
        {
            secrets[i] = new RetiredSecret(BinaryPrimitives.ReadUInt128BigEndian(reader.ReadBytes(HalfBytes)), reader.ReadNumber(), reader.ReadNumber());
        }

        retired = secrets.Length == 0 ? null : new RetiredSecrets { Secrets = ImmutableCollectionsMarshal.AsImmutableArray(secrets), EndOnReuse = endOnReuse };
        return secret;
    }

    public static void WriteSuperseded(ref PackedWriter writer, RetiredSecrets retired) =>
        writer.WriteNumber(retired.Secrets.Count(static secret => secret.IsSuperseded));

    /// <exception cref="InvalidDataException">The count is not between 1 and the number of retired secrets.</exception>
    public static RetiredSecrets ReadSuperseded(ref PackedReader reader, RetiredSecrets? retired)
    {
        long count = reader.ReadNumber();
        if (retired is null || count < 1 || count > retired.Secrets.Length)
        {
            throw new InvalidDataException("The stored bytes of a session's secrets are damaged.");
        }

        long first = retired.Secrets.Length - count;
        return retired with { Secrets = [.. retired.Secrets.Select((secret, place) => secret with { IsSuperseded = place >= first })] };
    }
}
