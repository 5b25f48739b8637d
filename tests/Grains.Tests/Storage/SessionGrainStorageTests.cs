using Orleans.Storage;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Storage;
using StackExchange.Redis;
using StackExchange.Redis.Profiling;

namespace OrleansSessions.Grains.Tests.Storage;

/// <summary>States that the storage writes, reads and clears in Redis, and its typed failures.</summary>
public sealed class SessionGrainStorageTests : StorageOnGarnet
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_NewState_IsThereWithItsIndexEntry(bool sharded)
    {
        SessionGrainStorage storage = await StartAsync(sharded);
        var record = new Record(Active(1), deadlineMs: 5_000);

        await storage.WriteStateAsync("session", Id, record);

        HashEntry[] fields = await Store.Database.HashGetAllAsync(Store.StateKey(_key));
        Assert.Equal(["data", "etag"], fields.Select(static field => field.Name.ToString()).Order());
        Assert.Equal(5_000, (await Store.IndexedDeadlineAsync(_key))?.ToUnixTimeMilliseconds());
        Record read = await ReadAsync(storage);
        Assert.Equal((record.ETag, true, 1L), (read.ETag, read.RecordExists, read.State.Version));
    }

    [Fact]
    public async Task AnyCall_OfTheProvider_IsOneCommandToThePrimary()
    {
        SessionGrainStorage storage = await StartAsync(sharded: false);
        var record = new Record(Active(1), deadlineMs: 0);
        await storage.WriteStateAsync("session", Id, record);
        await storage.ClearStateAsync("session", Id, record);

        IProfiledCommand[] commands = await ProfileAsync(async () =>
        {
            await storage.WriteStateAsync("session", Id, record.With(Active(2), deadlineMs: 0));
            await storage.ReadStateAsync("session", Id, record);
            await storage.ClearStateAsync("session", Id, record);
        });

        Assert.Equal(["EVALSHA", "HGETALL", "EVALSHA"], commands.OrderBy(static command => command.CommandCreated).Select(static command => command.Command));
        Assert.All(commands, static command => Assert.True(command.Flags.HasFlag(CommandFlags.DemandMaster)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Change_OfAStateThatIsNoLongerThere_IsRefusedAndChangesNothing(bool sharded)
    {
        SessionGrainStorage storage = await StartAsync(sharded);
        var first = new Record(Active(1), deadlineMs: 5_000);
        await storage.WriteStateAsync("session", Id, first);
        Record late = await ReadAsync(storage);
        await storage.WriteStateAsync("session", Id, first.With(Active(2), deadlineMs: 0));

        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("session", Id, late.With(Active(9), deadlineMs: 0)));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("session", Id, late));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("session", Id, new Record(Active(9), deadlineMs: 0)));

        Assert.Equal(2, (await ReadAsync(storage)).State.Version);
        Assert.Equal(5_000, (await Store.IndexedDeadlineAsync(_key))?.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task Read_DamagedBytes_ThrowsAndLeavesTheRecord()
    {
        SessionGrainStorage storage = await StartAsync(sharded: false);
        var record = new Record(Active(1), deadlineMs: 5_000);
        await storage.WriteStateAsync("session", Id, record);
        string? etag = record.ETag;
        await Store.Database.HashSetAsync(Store.StateKey(_key), [new("etag", "other"), new("data", "no session")]);

        InvalidDataException exception = await Assert.ThrowsAsync<InvalidDataException>(() => storage.ReadStateAsync("session", Id, record));

        Assert.Contains("damaged", exception.Message, StringComparison.Ordinal);
        Assert.Equal((etag, true, 1L), (record.ETag, record.RecordExists, record.State.Version));
    }

    [Fact]
    public async Task Read_StateOfANewerVersion_ThrowsAndLeavesTheRecord()
    {
        SessionGrainStorage storage = await StartAsync(sharded: false);
        var record = new Record(Active(1), deadlineMs: 5_000);
        await storage.WriteStateAsync("session", Id, record);
        string? etag = record.ETag;
        byte[] newer = SessionStateFormat.Write(Active(2));
        newer[1] = SessionStateFormat.Schema + 1;
        await Store.Database.HashSetAsync(Store.StateKey(_key), [new("etag", "other"), new("data", newer)]);

        NotSupportedException exception = await Assert.ThrowsAsync<NotSupportedException>(() => storage.ReadStateAsync("session", Id, record));

        Assert.Contains("newer version", exception.Message, StringComparison.Ordinal);
        Assert.Equal((etag, true, 1L), (record.ETag, record.RecordExists, record.State.Version));
    }

    [Fact]
    public async Task Session_StoredHere_IsReadAndWrittenByOrleansStorageAlone()
    {
        SessionGrainStorage storage = await StartAsync(sharded: false);
        SessionState state = Active(1) with { Packed = EntryPacking.Pack([new() { Name = "cart", Value = [1, 2], Format = EntryFormat.Bytes, Version = 1 }]) };
        var record = new Record(state, deadlineMs: 5_000);
        await storage.WriteStateAsync("session", Id, record);
        IGrainStorage plain = await StartPlainAsync();

        var read = new GrainState<ReadOnlyMemory<byte>>();
        await plain.ReadStateAsync("session", Id, read);
        Assert.Equivalent(state, SessionStateFormat.Read(read.State.Span), strict: true);
        Assert.Equal((record.ETag, true), (read.ETag, read.RecordExists));

        read.State = SessionStateFormat.Write(state with { Version = 2 });
        await plain.WriteStateAsync("session", Id, read);
        Assert.Equal(2, (await ReadAsync(storage)).State.Version);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("session", Id, record.With(Active(3), deadlineMs: 0)));

        await plain.ClearStateAsync("session", Id, read);
        Assert.False(await Store.HasStateAsync(_key));
    }

    [Fact]
    public async Task Write_ServerThatHasForgottenTheScripts_GetsThemAgain()
    {
        SessionGrainStorage storage = await StartAsync(sharded: false);
        var record = new Record(Active(1), deadlineMs: 5_000);
        await storage.WriteStateAsync("session", Id, record);
        await Store.Database.ExecuteAsync("SCRIPT", "FLUSH");

        await storage.WriteStateAsync("session", Id, record.With(Active(2), deadlineMs: 4_000));
        await storage.ClearStateAsync("session", Id, record);

        Assert.False(await Store.HasStateAsync(_key));
    }

    [Fact]
    public async Task AnyCall_ServerThatIsGone_ThrowsTypedAndLeavesTheRecord()
    {
        SessionGrainStorage storage = await StartAsync(sharded: false);
        var record = new Record(Active(1), deadlineMs: 5_000);
        await storage.WriteStateAsync("session", Id, record);
        string? etag = record.ETag;
        await Store.DisposeAsync();
        _store = null;

        await Assert.ThrowsAsync<SessionUnavailableException>(() => storage.ReadStateAsync("session", Id, record));
        await Assert.ThrowsAsync<SessionUnavailableException>(() => storage.WriteStateAsync("session", Id, record));
        await Assert.ThrowsAsync<SessionUnavailableException>(() => storage.ClearStateAsync("session", Id, record));

        Assert.Equal((etag, true, 1L), (record.ETag, record.RecordExists, record.State.Version));
    }

    [Fact]
    public async Task Read_NothingStored_IsNoSession()
    {
        Record read = await ReadAsync(await StartAsync(sharded: false));

        Assert.Equal((SessionStatus.None, null, false), (read.State.Status, read.ETag, read.RecordExists));
    }

    [Fact]
    public async Task AnyCall_ForAnotherStateThanASession_SaysWhatToDo()
    {
        SessionGrainStorage storage = await StartAsync(sharded: false);

        NotSupportedException exception = await Assert.ThrowsAsync<NotSupportedException>(() => storage.ReadStateAsync("cart", Id, new GrainState<string>()));

        Assert.Contains("Configure another one", exception.Message, StringComparison.Ordinal);
    }
}
