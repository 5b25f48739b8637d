using System.Text;
using CsCheck;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Encryption;

namespace OrleansSessions.Grains.Tests.Encryption;

public sealed class SealedFormatTests
{
    private static readonly GrainId Owner = GrainId.Create("session", "vZ7xdo1yCQnQ0l5VpJp1aV6ZCZlzXUBk1cbe1Nw0zDg");
    private static readonly byte[] Nonce = [.. Enumerable.Range(100, EncryptionKey.NonceBytes).Select(static i => (byte)i)];
    private static readonly byte[] Plain = Encoding.UTF8.GetBytes("S: cart=3 apples");
    private static readonly EncryptionKey First = Key("2026-01", 1);
    private static readonly EncryptionKey Second = Key("2026-02", 2);
    private static readonly KeyRing Ring = new(Second, First, Second);

    [Fact]
    public void State_SealedWithAKnownNonce_HasTheBytesOfTheGoldenFile()
    {
        string stored = Convert.ToBase64String(SealedFormat.Seal(First, Nonce, Owner, Plain));

        string golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "session.sealed.b64")).Trim();
        Assert.True(stored == golden, $"Golden/session.sealed.b64 has other bytes than are stored now:\n{stored}");
    }

    [Fact]
    public void State_AnyBytesOwnerAndKey_IsOpenedAsItWasSealed() =>
        Gen.Select(Gen.Byte.Array[0, 3_000], Gen.Byte.Array[EncryptionKey.NonceBytes], Gen.String[1, 300], Gen.Bool).Sample((plain, nonce, owner, isFirst) =>
        {
            GrainId id = GrainId.Create("session", owner);
            byte[] stored = SealedFormat.Seal(isFirst ? First : Second, nonce, id, plain);

            Assert.True(SealedFormat.IsSealed(stored));
            Assert.Equal(plain, Open(Ring, id, stored));
        });

    [Fact]
    public void State_AnyByteChangedOrCut_IsRefused()
    {
        byte[] stored = SealedFormat.Seal(First, Nonce, Owner, Plain);
        for (int position = 1; position < stored.Length; position++)
        {
            byte[] changed = [.. stored];
            changed[position] ^= 1;
            Exception? refusal = Record.Exception(() => Open(Ring, Owner, changed));
            Assert.True(refusal is InvalidDataException or SessionEncryptionException or NotSupportedException, $"byte {position}: {refusal}");
            Assert.ThrowsAny<Exception>(() => Open(Ring, Owner, stored[..position]));
        }

        Assert.Throws<InvalidDataException>(() => Open(Ring, Owner, [.. stored, 0]));
    }

    [Fact]
    public void State_OfAnotherSession_IsRefused()
    {
        byte[] stored = SealedFormat.Seal(First, Nonce, Owner, Plain);

        Assert.Throws<InvalidDataException>(() => Open(Ring, GrainId.Create("session", "another"), stored));
        Assert.Throws<InvalidDataException>(() => Open(Ring, GrainId.Create("user", Owner.Key.ToString()!), stored));
    }

    [Fact]
    public void State_RenamedToAnotherKey_IsRefused()
    {
        byte[] stored = SealedFormat.Seal(First, Nonce, Owner, Plain);
        var twin = new KeyRing(null, Key("2026-03", 1));
        stored[3 + "2026-0".Length] = (byte)'3';

        Assert.Throws<InvalidDataException>(() => Open(twin, Owner, stored));
    }

    [Fact]
    public void State_OtherKeyUnderTheSameId_IsRefusedWithTheKeyNamed()
    {
        byte[] stored = SealedFormat.Seal(First, Nonce, Owner, Plain);

        var refusal = Assert.Throws<InvalidDataException>(() => Open(new KeyRing(null, Key("2026-01", 9)), Owner, stored));

        Assert.Contains("the file '2026-01' holds another key", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void State_KeyMissing_IsRefusedAsIntactAndSaysWhatToAdd()
    {
        byte[] stored = SealedFormat.Seal(First, Nonce, Owner, Plain);

        var refusal = Assert.Throws<SessionEncryptionException>(() => Open(new KeyRing(Second, Second), Owner, stored));

        Assert.Equal(
            "The session is encrypted with the key '2026-01', which this silo doesn't have. Add the file '2026-01' to SessionCluster:Encryption:KeyDirectory. "
            + "The session is kept as it is.",
            refusal.Message);
    }

    [Fact]
    public void State_OfALaterSchema_IsRefusedAsNewer()
    {
        byte[] stored = SealedFormat.Seal(First, Nonce, Owner, Plain);
        stored[1] = SealedFormat.Schema + 1;

        var refusal = Assert.Throws<NotSupportedException>(() => Open(Ring, Owner, stored));

        Assert.Contains("stored by a newer version", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_UsedByManyThreads_SealsAndOpensEachState() =>
        Parallel.For(0, 2_000, i =>
        {
            byte[] plain = BitConverter.GetBytes(i);
            byte[] nonce = [.. plain, .. plain, .. plain];

            Assert.Equal(plain, Open(Ring, Owner, SealedFormat.Seal(First, nonce, Owner, plain)));
        });

    [Fact]
    public void Key_Printed_ShowsItsIdOnly() => Assert.Equal("2026-01 [redacted]", First.ToString());

    private static EncryptionKey Key(string id, byte filler) => new(id, [.. Enumerable.Repeat(filler, EncryptionKey.Bytes)]);

    private static byte[] Open(KeyRing ring, GrainId owner, byte[] stored)
    {
        byte[] plain = new byte[stored.Length];
        int length = SealedFormat.Open(ring, owner, stored, plain);
        return plain[..length];
    }
}
