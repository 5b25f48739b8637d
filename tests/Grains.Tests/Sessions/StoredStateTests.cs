using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Sessions;

namespace OrleansSessions.Grains.Tests.Sessions;

/// <summary>
/// The bytes that are in Redis today, kept in files. A change that makes other bytes of them, or something else out of them, loses the sessions of running
/// clusters: give new members new ids, never change or reuse an old one, and keep every alias.
/// </summary>
public sealed class StoredStateTests
{
    private static readonly ServiceProvider Services = new ServiceCollection().AddSerializer().BuildServiceProvider();
    private static readonly Serializer Serializer = Services.GetRequiredService<Serializer>();
    private static readonly Guid Incarnation = new("11111111-2222-3333-4444-555555555555");

    private static readonly SessionState Active = new()
    {
        Status = SessionStatus.Active,
        Incarnation = Incarnation,
        Version = 7,
        Entries =
        [
            new() { Name = "cart", Value = [0, 1, 255], Format = EntryFormat.Bytes, Version = 1 },
            new() { Name = "naïve", Value = "i:1;"u8.ToArray(), Format = EntryFormat.Php, Version = 3 },
            new() { Name = "count", Value = "42"u8.ToArray(), Format = EntryFormat.Json, Version = 7 },
        ],
        CreatedAtMs = 1_767_225_600_000,
        LastUsedAtMs = 1_767_225_700_000,
        IdleTimeoutMs = 1_200_000,
        AbsoluteLifetimeMs = 86_400_000,
        Operations =
        [
            new() { Id = new("aaaaaaaa-0000-0000-0000-000000000001"), AtMs = 1_767_225_650_000, Version = 6 },
            new() { Id = new("aaaaaaaa-0000-0000-0000-000000000002"), AtMs = 1_767_225_660_000, Version = 7, Numbers = [41, 42] },
        ],
        OperationsForgottenThroughMs = 1_767_225_640_000,
        IndexedDeadlineMs = 1_767_226_800_000,
        CreationAnnounced = true,
    };

    private static readonly SessionState Provisional = Active with { Provisional = true, MovedFrom = "old-key" };

    private static readonly SessionState Ending = Active.Ended(new() { Reason = EndReason.Revoked, RemoveAtMs = 1_767_225_820_000 });

    private static readonly SessionState Tombstone =
        Active.Buried(new() { RemoveAtMs = 1_767_225_820_000, MovedTo = "new-key", HandoverPending = true });

    public static TheoryData<string> Names => ["active", "provisional", "ending", "tombstone", "new"];

    [Theory]
    [MemberData(nameof(Names))]
    public void State_Stored_HasTheBytesOfTheGoldenFile(string name)
    {
        string stored = Convert.ToBase64String(new OrleansGrainStorageSerializer(Serializer).Serialize(State(name)));

        Assert.True(stored == Golden(name), $"Golden/session.state.{name}.b64 has other bytes than are stored now:\n{stored}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void State_ReadFromTheGoldenFile_IsWhatWasStored(string name)
    {
        SessionState expected = State(name);

        SessionState? read = new OrleansGrainStorageSerializer(Serializer).Deserialize<SessionState>(Convert.FromBase64String(Golden(name)));

        Assert.Equivalent(expected, read, strict: true);
    }

    [Fact]
    public void State_OfAnOlderSilo_ReadsWithDefaultsForWhatIsNew()
    {
        // Nothing but the schema and the incarnation: what members that are added later must be prepared for.
        SessionState read = Serializer.Deserialize<SessionState>(Serializer.SerializeToArray(new SessionState { Incarnation = Incarnation }))!;

        Assert.Equal((SessionStatus.None, Incarnation, 0L), (read.Status, read.Incarnation, read.Version));
        Assert.Empty(read.Entries);
        Assert.Empty(read.Operations);
        Assert.Null(read.Ending);
    }

    [Theory]
    [InlineData(typeof(SessionState), "session.state")]
    [InlineData(typeof(SessionEnding), "session.ending")]
    [InlineData(typeof(AppliedOperation), "session.operation")]
    [InlineData(typeof(SessionStatus), "session.status")]
    public void Alias_OfAStoredType_NeverChanges(Type type, string alias) =>
        Assert.Equal(alias, type.GetCustomAttributes(typeof(AliasAttribute), inherit: false).Cast<AliasAttribute>().Single().Alias);

    private static SessionState State(string name) => name switch
    {
        "active" => Active,
        "provisional" => Provisional,
        "ending" => Ending,
        "tombstone" => Tombstone,
        _ => new SessionState(),
    };

    private static string Golden(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Golden", $"session.state.{name}.b64");
        return File.Exists(path) ? File.ReadAllText(path).Trim() : "";
    }
}
