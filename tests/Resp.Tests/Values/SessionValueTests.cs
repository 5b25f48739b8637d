using System.Collections.Immutable;
using System.Text;
using CsCheck;
using OrleansSessions.Contracts;
using OrleansSessions.Php;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Tests.Values;

/// <summary>Commands see the same result of their changes as the session's silo.</summary>
public sealed class SessionValueTests
{
    private static readonly Gen<string> Name = Gen.Int[0, 30].Select(static i => $"é{i}");

    private static readonly Gen<ImmutableArray<SessionEntry>> Session = Name.Array[1, 30].Select(static names =>
        names.Distinct().Select(static (name, i) => new SessionEntry { Name = name, Value = [(byte)i], Version = i + 1 }).ToImmutableArray());

    private static readonly Gen<Action<SessionValue>> Command = Gen.Frequency<Action<SessionValue>>(
        (20, Gen.Select<string, byte, Action<SessionValue>>(Name, Gen.Byte, static (name, value) => key =>
        {
            if (!key.Exists || key.IsHash)
            {
                key.SetField(name, new[] { value });
            }
        })),
        (20, Name.Select<string, Action<SessionValue>>(static name => key =>
        {
            if (key.IsHash)
            {
                key.RemoveField(name);
            }
        })),
        (2, Name.Select<string, Action<SessionValue>>(static value => key => key.Write(Encoding.UTF8.GetBytes(value)))),
        (2, Name.Select<string, Action<SessionValue>>(static value => key => key.Write(Encoding.UTF8.GetBytes($"{value}|i:5;b|i:6;")))),
        (1, Gen.Const<Action<SessionValue>>(static key => key.Delete())));

    [Fact]
    public void Entries_AfterAnyCommands_MatchTheSilosResult() => Gen.Select(Session, Command.Array[0, 50], Gen.Bool, Gen.Bool).Sample(
        (session, commands, merges, exists) =>
        {
            SessionSnapshot? loaded = exists ? Snapshot(session) : null;
            var view = new KeyView(merges, Read: null, PhpHandler.Php, new SessionLimits(), DateTimeOffset.UnixEpoch);
            var key = new SessionValue(loaded, view);
            foreach (Action<SessionValue> command in commands)
            {
                command(key);
            }

            (ImmutableArray<SessionEntry> entries, SessionShape shape) = Commit(loaded, key.Changes());

            Assert.Equal(Plain(entries).Order(), Plain(key.Entries).Order());
            Assert.True(!key.Exists || shape == key.Shape);
        },
        iter: 2_000);

    private static SessionSnapshot Snapshot(ImmutableArray<SessionEntry> entries) => new()
    {
        Incarnation = Guid.NewGuid(),
        Version = 40,
        Entries = entries,
        CreatedAt = default,
        ExpiresAt = DateTimeOffset.UnixEpoch.AddDays(1),
        IdleTimeout = TimeSpan.FromDays(1),
        Silo = "",
        Shape = SessionShape.Hash,
    };

    private static (ImmutableArray<SessionEntry> Entries, SessionShape Shape) Commit(SessionSnapshot? loaded, List<SessionChange> changes)
    {
        List<PackedEntry> entries = [];
        EntryPacking.Read(EntryPacking.Pack(loaded?.Entries ?? []), entries);
        var content = new SessionContent<PackedEntry>(entries, loaded?.Shape ?? SessionShape.Entries);
        foreach (SessionChange change in changes)
        {
            content.Apply(change);
        }

        return (EntryPacking.Unpack(EntryPacking.Repack(content.Entries)), content.Shape);
    }

    private static IEnumerable<(string, EntryFormat, string)> Plain(IEnumerable<SessionEntry> entries) =>
        entries.Select(static entry => (entry.Name, entry.Format, Convert.ToHexString(entry.Value)));
}
