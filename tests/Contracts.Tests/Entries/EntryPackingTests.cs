using System.Collections.Immutable;
using System.Text;
using CsCheck;

namespace OrleansSessions.Contracts.Tests.Entries;

/// <summary>Packed entries: valid ones round-trip, and malformed bytes throw one kind of exception.</summary>
public sealed class EntryPackingTests
{
    private static readonly Gen<SessionEntry> Entry = Gen.Select(
        Gen.OneOf(Gen.OneOfConst("", "a", "count", "naïve", "€", "🍎", new string('n', 300)), Gen.String.AlphaNumeric),
        Gen.OneOf(Gen.Byte.Array[0, 20], Gen.Byte.Array[100, 400]),
        Gen.Byte,
        Gen.OneOf(Gen.Long[0, 300], Gen.Long),
        (name, value, format, version) => new SessionEntry { Name = name, Value = value, Format = (EntryFormat)format, Version = version });

    private static readonly Gen<ImmutableArray<SessionEntry>> Session = Entry.Array[0, 12].Select(entries => entries.ToImmutableArray());

    [Fact]
    public void Pack_AnyEntries_UnpackToTheSame() =>
        Session.Sample(session => Same(session, EntryPacking.Unpack(EntryPacking.Pack(session))), iter: 5_000);

    [Fact]
    public void Pack_EntriesReadFromPackedOnes_MakesTheSameBytes() =>
        Session.Sample(session =>
        {
            byte[] packed = EntryPacking.Pack(session);
            List<PackedEntry> entries = [];
            EntryPacking.Read(packed, entries);
            return entries.Count == session.Length && packed.SequenceEqual(EntryPacking.Repack([.. entries]));
        }, iter: 2_000);

    [Fact]
    public void Measure_AnyEntries_CountsThemAndTheBytesOfNamesAndValues() =>
        Session.Sample(session => EntryPacking.Measure(EntryPacking.Pack(session))
            == (session.Length, session.Sum(entry => Encoding.UTF8.GetByteCount(entry.Name) + (long)entry.Value.Length)), iter: 2_000);

    [Fact]
    public void Pack_KnownEntries_MakesTheBytesThatAreStoredAndSentToday()
    {
        byte[] packed = EntryPacking.Pack(
        [
            new() { Name = "cart", Value = [0, 1, 255], Format = EntryFormat.Php, Version = 3 },
            new() { Name = "é", Value = [], Format = EntryFormat.Json, Version = 300 },
        ]);

        Assert.Equal("04-63-61-72-74-01-03-03-00-01-FF-02-C3-A9-02-AC-02-00", BitConverter.ToString(packed));
    }

    [Fact]
    public void Pack_NoEntries_MakesNoBytes() => Assert.Empty(EntryPacking.Pack(ImmutableArray<SessionEntry>.Empty));

    [Fact]
    public void Unpack_BytesCutAnywhere_IsRefusedUnlessAnEntryEndsThere()
    {
        ImmutableArray<SessionEntry> session = [new() { Name = "a", Value = [1, 2] }, new() { Name = "bb", Value = new byte[200], Version = 9 }];
        byte[] packed = EntryPacking.Pack(session);
        int firstEntry = EntryPacking.Pack(session[..1]).Length;

        for (int length = 0; length < packed.Length; length++)
        {
            byte[] cut = packed[..length];
            if (length == 0 || length == firstEntry)
            {
                Assert.True(Same(EntryPacking.Unpack(cut), session[..(length == 0 ? 0 : 1)]));
            }
            else
            {
                Assert.Throws<InvalidDataException>(() => EntryPacking.Unpack(cut));
                Assert.Throws<InvalidDataException>(() => EntryPacking.Measure(cut));
                Assert.Throws<InvalidDataException>(() => EntryPacking.Read(cut, []));
            }
        }
    }

    [Fact]
    public void Unpack_AnyBytes_AreReadOrRefused() =>
        Gen.OneOf(Gen.Byte.Array[0, 40], Session.Select(EntryPacking.Pack)).SelectMany(bytes => Gen.Select(Gen.Int[0, 100], Gen.Byte, (position, value) =>
        {
            byte[] damaged = [.. bytes];
            if (damaged.Length > 0)
            {
                damaged[position % damaged.Length] = value;
            }

            return damaged;
        })).Sample(bytes =>
        {
            try
            {
                return EntryPacking.Unpack(bytes).Length == EntryPacking.Count(bytes);
            }
            catch (InvalidDataException)
            {
                return true;
            }
        }, iter: 20_000);

    [Theory]
    [InlineData("FF-FF-FF-FF-FF-FF-FF-FF-FF-FF-01")]
    [InlineData("FF-FF-FF-FF-0F")]
    [InlineData("FF-FF-FF-FF-FF-FF-FF-FF-FF-01")]
    public void Unpack_LengthBeyondTheBytes_IsRefusedAndNothingAllocatedForIt(string bytes) =>
        Assert.Throws<InvalidDataException>(() => EntryPacking.Unpack(Convert.FromHexString(bytes.Replace("-", ""))));

    [Fact]
    public void Unpack_ValueThatIsWrittenTo_LeavesThePackedBytes()
    {
        byte[] packed = EntryPacking.Pack([new() { Name = "a", Value = [1] }]);

        EntryPacking.Unpack(packed)[0].Value[0] = 2;

        Assert.Equal([1], EntryPacking.Unpack(packed)[0].Value);
    }

    private static bool Same(ImmutableArray<SessionEntry> left, ImmutableArray<SessionEntry> right) =>
        left.Length == right.Length && left.Zip(right).All(static pair =>
            (pair.First.Name, pair.First.Format, pair.First.Version) == (pair.Second.Name, pair.Second.Format, pair.Second.Version)
            && pair.First.Value.SequenceEqual(pair.Second.Value));
}
