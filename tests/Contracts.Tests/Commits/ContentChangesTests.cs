using System.Collections.Immutable;
using System.Text;
using CsCheck;

namespace OrleansSessions.Contracts.Tests.Commits;

/// <summary>Changes have the same result wherever they are applied: to packed entries in silos, or to objects in frontends and the RESP endpoint.</summary>
public sealed class ContentChangesTests
{
    private const int LargestSession = 40;

    private static readonly Gen<string> Name = Gen.Frequency((40, Gen.Int[0, LargestSession].Select(static i => $"é{i}")), (1, Gen.OneOfConst("", "\n")));
    private static readonly Gen<EntryFormat> Format = Gen.Enum<EntryFormat>();

    private static readonly Gen<byte[]> Value = Gen.OneOf(
        Gen.Byte.Array[0, 3],
        Gen.Long[-20, 20].Select(Format, EntryNumber.Write),
        Gen.OneOfConst(long.MaxValue, long.MinValue).Select(Format, EntryNumber.Write));

    private static readonly Gen<SessionEntry> Entry = Gen.Select(Gen.Int[0, LargestSession], Value, Format, Gen.Long[1, 9], static (i, value, format, version) =>
        new SessionEntry { Name = $"é{i}", Value = value, Format = format, Version = version });

    private static readonly Gen<ImmutableArray<SessionEntry>> Session = Entry.Array[0, LargestSession].Select(static entries =>
        entries.DistinctBy(static entry => entry.Name).ToImmutableArray());

    private static readonly Gen<SessionShape> Shape = Gen.Enum<SessionShape>();

    private static readonly Gen<SessionChange> Change = Gen.Frequency(
        (20, Gen.Select(Name, Value, Format, SessionChange.Set)),
        (12, Name.Select(SessionChange.Remove)),
        (1, Gen.Const(0).Select(static _ => SessionChange.Clear())),
        (4, Gen.Select(Name, Gen.Long[-9, 9], SessionChange.Add)),
        (2, Gen.Select(Name, Value, Format, Gen.Long[0, 10], SessionChange.SetIfVersion)),
        (2, Value.Select(SessionChange.SetValue)),
        (1, Gen.Const(0).Select(static _ => SessionChange.RemoveValue())),
        (1, Gen.Long[-9, 9].Select(SessionChange.AddToValue)),
        (2, Shape.Select(SessionChange.SetShape)),
        (1, Shape.Select(SessionChange.ExpectShape)),
        (1, Gen.Const(0).Select(static _ => SessionChange.KeepDeadline())));

    /// <summary>Up to six commits of up to thirty changes: enough for removals from an index.</summary>
    private static readonly Gen<SessionChange[][]> Commits = Change.Array[0, 30].Array[1, 6];

    [Fact]
    public void Apply_AnyCommits_MakeTheSameContentOfPackedEntriesAndOfObjects() => Gen.Select(Session, Commits).Sample((session, commits) =>
    {
        var silo = new Silo(session);
        (ImmutableArray<SessionEntry> entries, SessionShape shape) = (session, SessionShape.Entries);
        foreach (SessionChange[] commit in commits)
        {
            var content = new SessionContent<SessionEntry>(entries, shape);
            ChangeReport report = default;
            CommitOutcome outcome = Apply(content, commit, silo.Version + 1, ref report);

            Assert.Equal(outcome, silo.Commit(commit, out ChangeReport expected));
            Assert.Equal(expected.Sums, report.Sums);
            Assert.Equal(expected.EntryName, report.EntryName);
            (entries, shape) = outcome == CommitOutcome.Applied ? (content.ToImmutable(), content.Shape) : (entries, shape);
            silo.AssertHas(entries, shape);
        }
    }, iter: 2_000);

    [Fact]
    public void Replay_OfAppliedCommits_MakesTheContentThatTheSiloHas() => Gen.Select(Session, Commits).Sample((session, commits) =>
    {
        var silo = new Silo(session);
        (ImmutableArray<SessionEntry> entries, SessionShape shape) = (session, SessionShape.Entries);
        foreach (SessionChange[] commit in commits)
        {
            if (silo.Commit(commit, out ChangeReport report) != CommitOutcome.Applied)
            {
                continue;
            }

            var content = new SessionContent<SessionEntry>(entries, shape);
            ReadOnlySpan<long> sums = report.Sums?.ToArray();
            foreach (SessionChange change in commit)
            {
                content.Replay(change, silo.Version, ref sums);
            }

            Assert.True(sums.IsEmpty);
            (entries, shape) = (content.ToImmutable(), content.Shape);
            silo.AssertHas(entries, shape);
        }
    }, iter: 2_000);

    [Fact]
    public void Replay_OfASum_IsTheSilosSumWhateverTheContentWas()
    {
        var content = new SessionContent<SessionEntry>([new() { Name = "n", Value = "i:1;"u8.ToArray(), Format = EntryFormat.Php }]);
        ReadOnlySpan<long> sums = [42];

        content.Replay(SessionChange.Add("n", 1), version: 7, ref sums);

        SessionEntry entry = Assert.Single(content.ToImmutable());
        Assert.Equal(("i:42;", EntryFormat.Php, 7), (Encoding.UTF8.GetString(entry.Value), entry.Format, entry.Version));
    }

    private static CommitOutcome Apply<TEntry>(SessionContent<TEntry> content, SessionChange[] commit, long version, ref ChangeReport report)
        where TEntry : IContentEntry<TEntry>
    {
        foreach (SessionChange change in commit)
        {
            CommitOutcome outcome = content.Apply(change, version, new SessionLimits(), ref report);
            if (outcome != CommitOutcome.Applied)
            {
                return outcome;
            }
        }

        return CommitOutcome.Applied;
    }

    private sealed class Silo(ImmutableArray<SessionEntry> session)
    {
        private byte[] _packed = EntryPacking.Pack(session);
        private SessionShape _shape;

        public long Version { get; private set; } = 10;

        public CommitOutcome Commit(SessionChange[] commit, out ChangeReport report)
        {
            List<PackedEntry> entries = [];
            EntryPacking.Read(_packed, entries);
            var content = new SessionContent<PackedEntry>(entries, _shape);
            report = default;
            CommitOutcome outcome = Apply(content, commit, Version + 1, ref report);
            if (outcome == CommitOutcome.Applied)
            {
                (_packed, _shape, Version) = (EntryPacking.Repack(content.Entries), content.Shape, Version + 1);
            }

            return outcome;
        }

        public void AssertHas(ImmutableArray<SessionEntry> entries, SessionShape shape)
        {
            Assert.Equal(_shape, shape);
            Assert.Equal(EntryPacking.Pack(entries), _packed);
        }
    }
}
