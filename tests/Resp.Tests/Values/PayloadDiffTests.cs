using CsCheck;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Tests.Values;

/// <summary>Changes between the value that a client read and the one that it writes.</summary>
public sealed class PayloadDiffTests
{
    private static readonly Gen<Payload> AnyPayload =
        from shape in Gen.OneOfConst(SessionShape.Php, SessionShape.PhpSerialize, SessionShape.Blob)
        from names in Gen.Char['a', 'h'].Array[0, 8]
        from values in Gen.Byte[0, 2].Array[8]
        select shape == SessionShape.Blob
            ? new Payload(shape, [Entry(Payload.BlobName, values[0])])
            : new Payload(shape, [.. names.Distinct().Select((name, i) => Entry($"{name}", values[i]))]);

    [Fact]
    public void Changes_AppliedToWhatWasShown_MakeWhatWasWritten() => AnyPayload.Select(AnyPayload).Sample(
        (shown, wanted) => AssertSame(wanted, Apply(shown, PayloadDiff.Between(shown, wanted))));

    [Fact]
    public void Replacement_AppliedToAnything_MakesWhatWasWritten() => AnyPayload.Select(AnyPayload).Sample(
        (anything, wanted) => AssertSame(wanted, Apply(anything, PayloadDiff.Replace(wanted))));

    [Fact]
    public void Changes_OfNothing_AreNone() => AnyPayload.Sample(payload => Assert.Empty(PayloadDiff.Between(payload, payload)));

    [Fact]
    public void Changes_AppliedHere_MakeWhatASessionMakesOfThem() => AnyPayload.Select(AnyPayload, AnyPayload).Sample(
        (anything, shown, wanted) => AssertSame(Apply(anything, PayloadDiff.Between(shown, wanted)), PayloadDiff.Apply(anything, PayloadDiff.Between(shown, wanted))));

    [Fact]
    public void Changes_OfTwoClients_BothTakeEffect()
    {
        var shown = new Payload(SessionShape.Php, [Entry("a", 0), Entry("b", 0), Entry("c", 0)]);
        IEnumerable<SessionChange> first = PayloadDiff.Between(shown, shown with { Entries = [Entry("a", 1), Entry("b", 0), Entry("d", 1)] });
        IEnumerable<SessionChange> second = PayloadDiff.Between(shown, shown with { Entries = [Entry("a", 0), Entry("b", 2), Entry("c", 0), Entry("e", 2)] });

        Payload both = Apply(Apply(shown, first), second);

        AssertSame(new Payload(SessionShape.Php, [Entry("a", 1), Entry("b", 2), Entry("d", 1), Entry("e", 2)]), both);
    }

    [Fact]
    public void Changes_OfOneEntry_SetThatEntryOnly()
    {
        var shown = new Payload(SessionShape.Php, [Entry("a", 0), Entry("b", 0), Entry("c", 0)]);

        SessionChange change = Assert.Single(PayloadDiff.Between(shown, shown with { Entries = [Entry("a", 0), Entry("b", 1), Entry("c", 0)] }));

        Assert.Equal((SessionChangeKind.Set, "b"), (change.Kind, change.Name));
    }

    [Fact]
    public void Changes_OfValues_SetThoseAndNoOthers() => Gen.Select(AnyPayload, Gen.Byte[0, 2].Array[8]).Sample((shown, values) =>
    {
        Payload wanted = shown with { Entries = [.. shown.Entries.Select((entry, i) => Entry(entry.Name, values[i]))] };

        IEnumerable<SessionChange> changes = PayloadDiff.Between(shown, wanted);

        Assert.Equal(
            wanted.Entries.Where((entry, i) => entry.Value[0] != shown.Entries[i].Value[0])
                .Select(static entry => (entry.Name == Payload.BlobName ? SessionChangeKind.SetValue : SessionChangeKind.Set, entry.Name)),
            changes.Select(static change => (change.Kind, change.Name)));
        AssertSame(wanted, Apply(shown, changes));
    });

    [Fact]
    public void Changes_OfTheFormatOfAnEntry_KeepIt()
    {
        var shown = new Payload(SessionShape.Entries, [Entry("a", 0)]);

        SessionChange change = Assert.Single(PayloadDiff.Between(shown, shown with { Shape = SessionShape.Php }));

        Assert.Equal(SessionChangeKind.SetShape, change.Kind);
    }

    private static SessionEntry Entry(string name, byte value) => new() { Name = name, Value = [value] };

    /// <summary>Applies changes like a session's grain.</summary>
    private static Payload Apply(Payload payload, IEnumerable<SessionChange> changes)
    {
        SessionShape shape = payload.Shape;
        List<SessionEntry> entries = [.. payload.Entries];
        foreach (SessionChange change in changes)
        {
            int index = entries.FindIndex(entry => entry.Name == change.Name);
            switch (change.Kind)
            {
                case SessionChangeKind.Clear:
                    entries.Clear();
                    break;
                case SessionChangeKind.SetShape:
                    shape = change.Shape;
                    break;
                case SessionChangeKind.Remove or SessionChangeKind.SetValue when change.Value is null:
                    entries.RemoveAll(entry => entry.Name == change.Name);
                    break;
                case SessionChangeKind.Set or SessionChangeKind.SetValue when index >= 0:
                    entries[index] = entries[index] with { Value = change.Value! };
                    break;
                case SessionChangeKind.Set or SessionChangeKind.SetValue:
                    entries.Add(new SessionEntry { Name = change.Name, Value = change.Value! });
                    break;
            }
        }

        return new Payload(shape, [.. entries]);
    }

    private static void AssertSame(Payload expected, Payload actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.Entries.Select(entry => (entry.Name, entry.Value[0])), actual.Entries.Select(entry => (entry.Name, entry.Value[0])));
    }
}
