using System.Collections.Immutable;
using CsCheck;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Sessions;

/// <summary>A request sees the same result of its changes as the session's silo.</summary>
public sealed class PendingChangesTests
{
    private static readonly Gen<string> Name = Gen.Int[0, 30].Select(static i => $"é{i}");

    private static readonly Gen<ImmutableArray<SessionEntry>> Session = Name.Array[0, 30].Select(static names =>
        names.Distinct().Select(static (name, i) => new SessionEntry { Name = name, Value = [(byte)i], Version = i + 1 }).ToImmutableArray());

    private static readonly Gen<(string Name, byte? Value)[]> Steps = Name.Select(Gen.Byte[0, 9].Nullable()).Array[0, 50];

    [Fact]
    public void View_AfterAnyChanges_HasWhatTheSiloMakesOfTheCommit() => Gen.Select(Session, Steps, Gen.Int[0, 100]).Sample((session, steps, cleared) =>
    {
        var pending = new PendingChanges();
        for (int i = 0; i < steps.Length; i++)
        {
            if (i == cleared)
            {
                pending.Clear(session);
            }

            if (steps[i].Value is { } value)
            {
                pending.Set(session, steps[i].Name, [value], EntryFormat.Bytes);
            }
            else
            {
                pending.Remove(session, steps[i].Name);
            }
        }

        ImmutableArray<SessionChange> changes = pending.ToCommit(sessionExists: true);
        ImmutableArray<SessionEntry> inSilo = Commit(session, changes, version: 50);

        Assert.Equal(Plain(inSilo).Order(), Plain(pending.View(session)).Order());
        Assert.All(steps, step => Assert.Equal(inSilo.Find(step.Name)?.Value, pending.Find(session, step.Name)?.Value));
        Assert.Equal(
            EntryPacking.Pack(inSilo),
            EntryPacking.Pack(SessionView.After(session, changes, new CommitResult { Outcome = CommitOutcome.Applied, Version = 50 })));
    }, iter: 500);

    [Fact]
    public void View_Taken_StaysAsItIs()
    {
        var pending = new PendingChanges();
        pending.Set([], "a", [1], EntryFormat.Bytes);
        ImmutableArray<SessionEntry> taken = pending.View([]);

        pending.Set([], "a", [2], EntryFormat.Bytes);
        pending.Set([], "b", [3], EntryFormat.Bytes);

        Assert.Equal([1], Assert.Single(taken).Value);
    }

    /// <summary>Applies changes like the session's silo.</summary>
    private static ImmutableArray<SessionEntry> Commit(ImmutableArray<SessionEntry> session, ImmutableArray<SessionChange> changes, long version)
    {
        List<PackedEntry> entries = [];
        EntryPacking.Read(EntryPacking.Pack(session), entries);
        var content = new SessionContent<PackedEntry>(entries, SessionShape.Entries);
        foreach (SessionChange change in changes)
        {
            content.Apply(change, version);
        }

        return EntryPacking.Unpack(EntryPacking.Repack(content.Entries));
    }

    private static IEnumerable<(string, byte)> Plain(ImmutableArray<SessionEntry> entries) => entries.Select(static entry => (entry.Name, entry.Value[0]));
}
