using System.Collections.Immutable;
using System.Text;
using CsCheck;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Sessions;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Sessions;

/// <summary>Random changes to random entries, compared with a simple model.</summary>
public sealed class CommitMergeTests
{
    private static readonly SessionLimits Limits = new() { MaxEntries = 5, MaxBytes = 60, MaxNameBytes = 4 };
    private static readonly SessionLimits NoLimits = new() { MaxEntries = int.MaxValue / 4, MaxBytes = int.MaxValue, MaxNameBytes = int.MaxValue };

    private static readonly Gen<string> GoodName = Gen.OneOfConst("a", "b", "c", "d", "é", "€€");
    private static readonly Gen<string> Name = Gen.Frequency((30, GoodName), (1, Gen.OneOfConst("", "\n", "a\u0085", "too long", "€€€")));
    private static readonly Gen<EntryFormat> Format = Gen.OneOfConst(EntryFormat.Bytes, EntryFormat.Json, EntryFormat.Php);

    private static readonly Gen<byte[]> Value = Gen.OneOf(
        Gen.Byte.Array[0, 12],
        Gen.Long[-20, 20].Select(Utf8),
        Gen.Frequency((4, Gen.Long[-20, 20]), (1, Gen.OneOfConst(long.MaxValue, long.MinValue))).Select(number => Encoding.UTF8.GetBytes($"i:{number};")),
        Gen.OneOfConst(long.MaxValue, long.MinValue, long.MaxValue - 3).Select(Utf8));

    private static readonly Gen<SessionEntry> Entry =
        Gen.Select(GoodName, Value, Format, Gen.Long[1, 9], (name, value, format, version) => new SessionEntry
        {
            Name = name,
            Value = value,
            Format = format,
            Version = version,
        });

    private static readonly Gen<ImmutableArray<SessionEntry>> Session =
        Entry.Array[0, 6].Select(entries => entries.DistinctBy(entry => entry.Name).ToImmutableArray());

    private static readonly Gen<SessionChange> Change = Gen.Frequency(
        (6, Gen.Select(Name, Value, Format, SessionChange.Set)),
        (2, Name.Select(SessionChange.Remove)),
        (1, Gen.Const(0).Select(_ => SessionChange.Clear())),
        (3, Gen.Select(Name, Gen.Frequency((4, Gen.Long[-9, 9]), (1, Gen.Long)), SessionChange.Add)),
        (3, Gen.Select(Name, Value, Format, Gen.Long[0, 10], SessionChange.SetIfVersion)),
        (1, Gen.Double[0.5, 100].Select(seconds => SessionChange.SetIdleTimeout(TimeSpan.FromSeconds(seconds)))));

    private static readonly Gen<ImmutableArray<SessionChange>> Changes = Change.Array[0, 13].Select(changes => changes.ToImmutableArray());

    [Fact]
    public void Apply_AnyChanges_MatchesTheModel() =>
        Gen.Select(Session, Changes).Sample((session, changes) =>
        {
            MergeResult merged = Apply(session, changes, Limits);
            MergeModel expected = MergeModel.Of(session, changes, version: 10, Limits);
            return merged.Outcome == expected.Outcome
                && (merged.Outcome != CommitOutcome.Applied || (Same(Unpacked(merged), expected.Entries)
                    && (merged.Numbers ?? []).SequenceEqual(expected.Numbers)
                    && merged.IdleTimeout == expected.IdleTimeout));
        }, iter: 20_000);

    [Fact]
    public void Apply_Refused_NamesTheCulpritAndChangesNothing() =>
        Gen.Select(Session, Changes).Sample((session, changes) =>
        {
            MergeResult merged = Apply(session, changes, Limits);
            return merged.Outcome switch
            {
                CommitOutcome.Applied => merged is { Violation: null, EntryName: null },
                CommitOutcome.LimitExceeded => merged.Packed is [] && merged.Violation is not null,
                _ => merged.Packed is [] && merged.EntryName is not null,
            };
        }, iter: 5_000);

    [Fact]
    public void Apply_Applied_KeepsTheLimitsUnlessTheyWereBrokenBefore() =>
        Gen.Select(Session, Changes).Sample((session, changes) =>
        {
            MergeResult merged = Apply(session, changes, Limits);
            return merged.Outcome != CommitOutcome.Applied
                || (Unpacked(merged).Length <= Math.Max(Limits.MaxEntries, session.Length)
                    && SizeOf(Unpacked(merged)) <= Math.Max(Limits.MaxBytes, SizeOf(session))
                    && Unpacked(merged).Select(entry => entry.Name).Distinct().Count() == Unpacked(merged).Length);
        }, iter: 5_000);

    [Fact]
    public void Apply_CommitsOnDifferentEntries_InEitherOrder_MakeTheSameSession() =>
        Gen.Select(Session, ChangesOf("a", "b"), ChangesOf("c", "d")).Sample((session, left, right) =>
        {
            // Versions define the order.
            ImmutableArray<SessionEntry> first = Twice(session, left, right);
            ImmutableArray<SessionEntry> second = Twice(session, right, left);
            return Plain(first).OrderBy(entry => entry.Name).SequenceEqual(Plain(second).OrderBy(entry => entry.Name));
        }, iter: 5_000);

    [Fact]
    public void Apply_OneCommitOrOneChangePerCommit_MakeTheSameEntries() =>
        Gen.Select(Session, ChangesOf("a", "b", "c")).Sample((session, changes) =>
        {
            MergeResult atOnce = Apply(session, changes, NoLimits);
            ImmutableArray<SessionEntry> stepwise = session;
            foreach (SessionChange change in changes)
            {
                MergeResult step = Apply(stepwise, [change], NoLimits);
                if (step.Outcome != CommitOutcome.Applied)
                {
                    return atOnce.Outcome == step.Outcome;
                }

                stepwise = Unpacked(step);
            }

            return Same(Unpacked(atOnce), stepwise);
        }, iter: 5_000);

    [Fact]
    public void Apply_AnyChanges_LeaveTheEntriesThatTheyWereAppliedTo() =>
        Gen.Select(Session, Changes).Sample((session, changes) =>
        {
            byte[] packed = EntryPacking.Pack(session);
            byte[] before = [.. packed];
            CommitMerge.Apply(packed, changes, version: 10, Limits);
            return before.SequenceEqual(packed) && Same(session, EntryPacking.Unpack(packed));
        }, iter: 2_000);

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    public void Apply_ChangeOfANewerCaller_IsNotUnderstoodAndChangesNothing(string name)
    {
        SessionChange newer = SessionChange.Remove(name);
        typeof(SessionChange).GetProperty(nameof(SessionChange.Kind))!.SetValue(newer, (SessionChangeKind)200);

        MergeResult merged = CommitMerge.Apply([], [Entries.Set("a", "1"), newer], version: 1, NoLimits);

        Assert.Equal(CommitOutcome.NotUnderstood, merged.Outcome);
        Assert.Empty(merged.Packed);
    }

    private static Gen<ImmutableArray<SessionChange>> ChangesOf(params string[] names)
    {
        Gen<string> name = Gen.OneOfConst(names);
        return Gen.OneOf(
            Gen.Select(name, Value, Format, SessionChange.Set),
            name.Select(SessionChange.Remove),
            Gen.Select(name, Gen.Long[-9, 9], SessionChange.Add)).Array[0, 6].Select(changes => changes.ToImmutableArray());
    }

    private static ImmutableArray<SessionEntry> Twice(
        ImmutableArray<SessionEntry> session, ImmutableArray<SessionChange> first, ImmutableArray<SessionChange> second)
    {
        // A refused commit changes nothing, and the other is applied.
        foreach (ImmutableArray<SessionChange> changes in new[] { first, second })
        {
            MergeResult merged = Apply(session, changes, NoLimits);
            session = merged.Outcome == CommitOutcome.Applied ? Unpacked(merged) : session;
        }

        return session;
    }

    private static MergeResult Apply(ImmutableArray<SessionEntry> session, ImmutableArray<SessionChange> changes, SessionLimits limits) =>
        CommitMerge.Apply(EntryPacking.Pack(session), changes, version: 10, limits);

    private static ImmutableArray<SessionEntry> Unpacked(MergeResult merged) => EntryPacking.Unpack(merged.Packed);

    private static long SizeOf(ImmutableArray<SessionEntry> entries) => entries.Sum(entry => Encoding.UTF8.GetByteCount(entry.Name) + (long)entry.Value.Length);

    private static bool Same(ImmutableArray<SessionEntry> left, ImmutableArray<SessionEntry> right) =>
        Plain(left).SequenceEqual(Plain(right)) && left.Select(entry => entry.Version).SequenceEqual(right.Select(entry => entry.Version));

    private static IEnumerable<(string Name, EntryFormat Format, string Value)> Plain(ImmutableArray<SessionEntry> entries) =>
        entries.Select(entry => (entry.Name, entry.Format, Convert.ToHexString(entry.Value)));

    private static byte[] Utf8(long number) => Encoding.UTF8.GetBytes($"{number}");
}
