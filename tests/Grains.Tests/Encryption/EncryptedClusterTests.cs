using System.Text;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Encryption;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Users;
using StackExchange.Redis;

namespace OrleansSessions.Grains.Tests.Encryption;

/// <summary>Silos with a key directory, on their own store.</summary>
public sealed class EncryptedClusterTests : IAsyncLifetime
{
    private const string SecretName = "a-secret-name";
    private const string SecretValue = "a-secret-value";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly KeyFolder _keys = new("first", "first", "second");
    private readonly string _key = SessionTestCluster.NewKey();
    private GarnetStore? _store;

    private GarnetStore Store => _store ?? throw new InvalidOperationException("The store is not started.");

    public async ValueTask InitializeAsync() => _store = await GarnetStore.StartAsync(SessionTestCluster.ServiceId);

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _keys.Dispose();
    }

    [Fact]
    public async Task Dump_OfRedis_ShowsNoNameValueOrNamespace()
    {
        await using SessionTestCluster cluster = await StartAsync();
        var user = UserKey.For(new byte[UserKey.MinSecretBytes], "a-secret-namespace", "a-secret-user");
        SessionCommit commit = Commit.Of(Entries.Set(SecretName, SecretValue)) with
        {
            Namespace = "a-secret-namespace",
            SignIn = new()
            {
                User = user.Value,
                Method = "a-secret-method",
                Tags = ["a-secret-tag"],
                Device = new() { UserAgent = "a-secret-agent", Address = "a-secret-address", Label = "a-secret-label" },
            },
        };
        await cluster.Frontend.CommitAsync(_key, commit);

        string dump = await DumpAsync();

        Assert.Contains(Store.StateKey(_key).ToString(), dump, StringComparison.Ordinal);
        Assert.Contains(Store.UserKey(user.Value).ToString(), dump, StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret", dump, StringComparison.Ordinal);
        await cluster.DeactivateAsync(_key);
        Assert.Equal([$"{SecretName}={SecretValue}"], (await cluster.Frontend.SnapshotAsync(_key)).Entries.Text());
    }

    /// <summary>Shows that the dump would find them.</summary>
    [Fact]
    public async Task Dump_WithoutEncryption_ShowsNamesAndValues()
    {
        await using SessionTestCluster cluster = await SessionTestCluster.StartAsync(Store, _clock);
        await cluster.Frontend.CommitAsync(_key, Commit.Of(Entries.Set(SecretName, SecretValue)) with
        {
            SignIn = new() { User = UserFrontend.NewUser(), Tags = ["a-secret-tag"], Device = new() { Label = "a-secret-label" } },
        });

        string dump = await DumpAsync();

        Assert.All([SecretName, SecretValue, "a-secret-tag", "a-secret-label"], secret => Assert.Contains(secret, dump, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Session_StoredUnencrypted_IsReadAndEncryptedByItsNextWrite()
    {
        await using (SessionTestCluster plain = await SessionTestCluster.StartAsync(Store, _clock))
        {
            await plain.Frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        }

        await using SessionTestCluster cluster = await StartAsync();
        Assert.Equal(["a=1"], (await cluster.Frontend.SnapshotAsync(_key)).Entries.Text());
        await cluster.Frontend.ApplyAsync(_key, Entries.Set("b", "2"));

        Assert.StartsWith("E\u0001\u0005first", await DataAsync(_key), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_StoredUnencryptedWhereThatIsForbidden_IsRefusedAndKept()
    {
        await using (SessionTestCluster plain = await SessionTestCluster.StartAsync(Store, _clock))
        {
            await plain.Frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        }

        await using SessionTestCluster cluster = await StartAsync(("AllowPlain", "false"));

        await AssertRefusedAndKeptAsync<SessionEncryptionException>(cluster, "AllowPlain forbids");
    }

    [Fact]
    public async Task Rotation_OfTheActiveKey_TakesEffectWithoutARestartAndKeepsOldSessionsReadable()
    {
        await using SessionTestCluster cluster = await StartAsync();
        string old = SessionTestCluster.NewKey();
        await cluster.Frontend.ApplyAsync(old, Entries.Set("a", "1"));
        Assert.StartsWith("E\u0001\u0005first", await DataAsync(old), StringComparison.Ordinal);

        _keys.Activate("second");
        await Eventually.TrueAsync("a commit is encrypted with the new key", async () =>
        {
            await cluster.Frontend.ApplyAsync(_key, Entries.Set("a", "1"));
            return (await DataAsync(_key)).StartsWith("E\u0001\u0006second", StringComparison.Ordinal);
        });

        await cluster.DeactivateAsync(old);
        Assert.Equal(["a=1"], (await cluster.Frontend.SnapshotAsync(old)).Entries.Text());
    }

    [Fact]
    public async Task Session_WhoseKeyIsMissing_IsRefusedAndKeptAndNotSwept()
    {
        await using (SessionTestCluster first = await StartAsync())
        {
            await first.Frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        }

        _keys.Activate("second");
        _keys.Remove("first");
        await using SessionTestCluster cluster = await StartAsync();
        await AssertRefusedAndKeptAsync<SessionEncryptionException>(cluster, "encrypted with the key 'first', which this silo doesn't have");

        _clock.Advance(TimeSpan.FromHours(1));
        await cluster.SweepAsync(_key);
        Assert.True(await Store.HasStateAsync(_key));
    }

    [Fact]
    public async Task Sessions_SwappedInRedis_AreRefusedAndKept()
    {
        await using SessionTestCluster cluster = await StartAsync();
        string other = SessionTestCluster.NewKey();
        await cluster.Frontend.ApplyAsync(_key, Entries.Set("user", "alice"));
        await cluster.Frontend.ApplyAsync(other, Entries.Set("user", "mallory"));
        await cluster.DeactivateAsync(_key);
        RedisValue forged = await Store.Database.HashGetAsync(Store.StateKey(other), "data");
        await Store.Database.HashSetAsync(Store.StateKey(_key), "data", forged);

        await AssertRefusedAndKeptAsync<InvalidDataException>(cluster, "can't be decrypted with the key 'first'");
    }

    [Fact]
    public async Task Ring_ActiveNone_ReadsEncryptedSessionsAndStoresThemUnencrypted()
    {
        await using (SessionTestCluster first = await StartAsync())
        {
            await first.Frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        }

        _keys.Activate(KeyRing.NoKey);
        await using SessionTestCluster cluster = await StartAsync();
        await cluster.Frontend.ApplyAsync(_key, Entries.Set("b", "2"));

        Assert.Equal(["a=1", "b=2"], (await cluster.StoredAsync(_key))!.Unpack().Text());
    }

    private Task<SessionTestCluster> StartAsync(params (string Option, string Value)[] options) => SessionTestCluster.StartAsync(
        Store, _clock, settings: [("SessionCluster:Encryption:KeyDirectory", _keys.Path), .. options.Select(static set => ($"SessionCluster:Encryption:{set.Option}", set.Value))]);

    private async Task AssertRefusedAndKeptAsync<TException>(SessionTestCluster cluster, string reason)
        where TException : Exception
    {
        string stored = await DataAsync(_key);

        Exception load = await Assert.ThrowsAsync<TException>(() => cluster.Frontend.LoadAsync(_key));
        Exception commit = await Assert.ThrowsAsync<TException>(() => cluster.Frontend.CommitAsync(_key, Entries.Set("a", "2")));
        await Assert.ThrowsAsync<TException>(() => cluster.Frontend.DestroyAsync(_key));

        Assert.Contains(reason, load.Message, StringComparison.Ordinal);
        Assert.Contains(reason, commit.Message, StringComparison.Ordinal);
        Assert.Equal(stored, await DataAsync(_key));
    }

    private async Task<string> DataAsync(string key) => Encoding.Latin1.GetString((byte[])(await Store.Database.HashGetAsync(Store.StateKey(key), "data"))!);

    /// <summary>Returns all that a reader of Redis sees: keys, fields, values and members.</summary>
    private async Task<string> DumpAsync()
    {
        var dump = new StringBuilder();
        IDatabase database = Store.Database;
        IServer server = database.Multiplexer.GetServers()[0];
        await foreach (RedisKey key in server.KeysAsync())
        {
            dump.AppendLine((string?)key);
            RedisType type = await database.KeyTypeAsync(key);
            RedisValue[] values = type switch
            {
                RedisType.Hash => [.. (await database.HashGetAllAsync(key)).SelectMany(static field => new[] { field.Name, field.Value })],
                RedisType.SortedSet => await database.SortedSetRangeByRankAsync(key),
                RedisType.List => await database.ListRangeAsync(key),
                RedisType.Set => await database.SetMembersAsync(key),
                _ => [await database.StringGetAsync(key)],
            };
            foreach (RedisValue value in values)
            {
                dump.AppendLine(Encoding.Latin1.GetString((byte[]?)value ?? []));
            }
        }

        return dump.ToString();
    }
}
