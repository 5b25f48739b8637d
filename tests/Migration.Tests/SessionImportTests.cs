using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansSessions.Contracts;
using StackExchange.Redis;

namespace OrleansSessions.Migration.Tests;

/// <summary>The steps of an import, seen from the old Redis and from the cluster.</summary>
public sealed class SessionImportTests(SessionCluster cluster) : IAsyncLifetime
{
    private const string Namespace = "app:";

    private readonly EmbeddedStore _store = EmbeddedStore.Start();
    private readonly SessionToken _token = SessionToken.CreateWithoutSecret();
    private ConnectionMultiplexer? _connection;
    private SessionImport? _import;

    private IDatabase Old => _connection!.GetDatabase();

    private SessionImport Import => _import!;

    private string Name => Namespace + _token.Value;

    private byte[] NameBytes => Encoding.ASCII.GetBytes(Name);

    private SessionKey Key => SessionKey.For(Namespace, _token);

    public async ValueTask InitializeAsync()
    {
        _connection = await ConnectionMultiplexer.ConnectAsync(_store.ConnectionString);
        _import = NewImport(_store.ConnectionString);
    }

    [Fact]
    public async Task Import_OfAnOldSession_StoresItWithItsLifetimeAndRetiresTheKey()
    {
        await Old.StringSetAsync(Name, "Ada", TimeSpan.FromSeconds(1_000));

        Assert.True(await TryImportAsync(Import, Interpret));

        LoadResult loaded = await LoadAsync();
        Assert.Equal("Ada", Encoding.ASCII.GetString(Assert.Single(loaded.Snapshot!.Entries).Value));
        Assert.InRange(loaded.Snapshot.IdleTimeout, TimeSpan.FromSeconds(900), TimeSpan.FromSeconds(1_000));
        Assert.False(await Old.KeyExistsAsync(Name));
        Assert.NotNull(await Old.KeyTimeToLiveAsync("taken-over:" + Name));
        Assert.False(await Old.KeyExistsAsync("taking-over:" + Name));
    }

    [Fact]
    public async Task Import_OfAnUnknownKey_IsFalse() => Assert.False(await TryImportAsync(Import, Interpret));

    [Fact]
    public async Task Import_OfWhatIsNoSession_LeavesTheKey()
    {
        await Old.StringSetAsync(Name, "Ada");

        Assert.False(await TryImportAsync(Import, static _ => null));

        Assert.True(await Old.KeyExistsAsync(Name));
        Assert.Equal(LoadOutcome.None, (await LoadAsync()).Outcome);
    }

    [Fact]
    public async Task Import_WithoutAnOldRedis_IsFalse()
    {
        await using SessionImport none = NewImport(null);

        Assert.False(none.IsConfigured);
        Assert.False(await TryImportAsync(none, Interpret));
    }

    [Fact]
    public async Task Import_OfASessionTooLargeForTheCluster_GivesTheKeyBack()
    {
        await Old.StringSetAsync(Name, new byte[(1024 * 1024) + 1]);

        SessionUnavailableException exception = await Assert.ThrowsAsync<SessionUnavailableException>(() => TryImportAsync(Import, Interpret));

        Assert.Contains("session size", exception.Message, StringComparison.Ordinal);
        Assert.True(await Old.KeyExistsAsync(Name));
    }

    /// <summary>A process that crashed after claiming the key leaves a mark, so the session is not lost.</summary>
    [Fact]
    public async Task Import_OfAKeyClaimedAndNotCopied_IsFinished()
    {
        await Old.StringSetAsync("taken-over:" + Name, "Ada", TimeSpan.FromSeconds(1_000));
        await Old.StringSetAsync("taking-over:" + Name, "1", TimeSpan.FromMinutes(1));

        Assert.True(await TryImportAsync(Import, Interpret));

        Assert.Equal(LoadOutcome.Active, (await LoadAsync()).Outcome);
        Assert.False(await Old.KeyExistsAsync("taking-over:" + Name));
    }

    [Fact]
    public async Task Import_OfAKeyClaimedLongAgo_IsFalse()
    {
        await Old.StringSetAsync("taken-over:" + Name, "Ada", TimeSpan.FromSeconds(1_000));

        Assert.False(await TryImportAsync(Import, Interpret));
    }

    [Fact]
    public async Task Session_EndedBetweenTheReadOfTheOldValueAndItsCopy_StaysEnded()
    {
        await Old.StringSetAsync(Name, "Ada", TimeSpan.FromSeconds(1_000));
        await using SessionImport other = NewImport(_store.ConnectionString);

        bool isThere = await TryImportAsync(Import, value =>
        {
            Assert.True(EndAsync(other).GetAwaiter().GetResult());
            return Interpret(value);
        });

        Assert.False(isThere);
        Assert.NotEqual(LoadOutcome.Active, (await LoadAsync()).Outcome);
    }

    [Fact]
    public async Task End_OfASessionThatOnlyTheOldRedisHas_LeavesATombstoneAndNoLiveKey()
    {
        await Old.StringSetAsync(Name, "Ada", TimeSpan.FromSeconds(1_000));

        Assert.True(await EndAsync(Import));

        Assert.False(await EndAsync(Import));
        Assert.False(await Old.KeyExistsAsync(Name));
        Assert.False(await TryImportAsync(Import, Interpret));
    }

    [Fact]
    public async Task Overwriting_ThatTheClusterRefuses_GivesTheKeyBack()
    {
        await Old.StringSetAsync(Name, "Ada");

        CommitResult refused = await OverwriteAsync(new byte[(1024 * 1024) + 1]);

        Assert.Equal(CommitOutcome.LimitExceeded, refused.Outcome);
        Assert.True(await Old.KeyExistsAsync(Name));
    }

    [Fact]
    public async Task Overwriting_OfAnOldSession_RetiresTheKey()
    {
        await Old.StringSetAsync(Name, "Ada");

        Assert.Equal(CommitOutcome.Applied, (await OverwriteAsync("Grace"u8.ToArray())).Outcome);

        Assert.False(await Old.KeyExistsAsync(Name));
        Assert.Equal("Grace"u8.ToArray(), Assert.Single((await LoadAsync()).Snapshot!.Entries).Value);
    }

    public async ValueTask DisposeAsync()
    {
        await Import.DisposeAsync();
        await _connection!.DisposeAsync();
        _store.Dispose();
    }

    private static ImportedSession Interpret(OldValue value) => new(
        [SessionChange.Set("name", value.Text!)], new SessionLifetime { IdleTimeout = value.TimeToLive ?? TimeSpan.FromMinutes(20) });

    private SessionImport NewImport(string? redis) => new(redis, cluster.Client, TimeProvider.System, NullLogger<SessionImport>.Instance);

    private ValueTask<LoadResult> LoadAsync() => cluster.Client.LoadAsync(Key, touch: false, TestContext.Current.CancellationToken);

    private async Task<bool> TryImportAsync(SessionImport import, Func<OldValue, ImportedSession?> interpret) =>
        await import.TryImportAsync(NameBytes, database: null, Key, Namespace, interpret, TestContext.Current.CancellationToken);

    private async Task<bool> EndAsync(SessionImport import) =>
        await import.EndAsync(NameBytes, database: null, Key, Namespace, Interpret, TestContext.Current.CancellationToken);

    private async Task<CommitResult> OverwriteAsync(byte[] value) => await Import.OverwriteAsync(
        NameBytes,
        database: null,
        Key,
        new SessionCommit { OperationId = Guid.NewGuid(), Changes = [SessionChange.Clear(), SessionChange.Set("name", value)] },
        TestContext.Current.CancellationToken);
}
