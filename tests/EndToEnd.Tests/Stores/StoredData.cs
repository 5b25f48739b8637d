using StackExchange.Redis;

namespace OrleansSessions.EndToEnd.Tests.Stores;

/// <summary>Content of the store: every key and value of any type, and the command counts.</summary>
internal sealed class StoredData : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _connection;
    private readonly IDatabase _database;
    private readonly IServer _server;

    private StoredData(ConnectionMultiplexer connection, int database)
    {
        _connection = connection;
        _database = connection.GetDatabase(database);
        _server = connection.GetServers().Single();
    }

    /// <summary>Connects to a store.</summary>
    /// <param name="address">Host and port.</param>
    /// <param name="database">The database to read.</param>
    /// <param name="configure">Password, TLS.</param>
    public static async Task<StoredData> OpenAsync(string address, int database = 0, Action<ConfigurationOptions>? configure = null)
    {
        ConfigurationOptions options = ConfigurationOptions.Parse(address);
        options.AllowAdmin = true;
        configure?.Invoke(options);
        return new StoredData(await PatientRedis.ConnectAsync(options), database);
    }

    public async Task<IReadOnlyList<RedisKey>> KeysAsync()
    {
        List<RedisKey> keys = [];
        await foreach (RedisKey key in _server.KeysAsync(_database.Database, pageSize: 1000))
        {
            keys.Add(key);
        }

        return keys;
    }

    /// <summary>Every key, field, member and value that contains a text, as sentences.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(SecretText text)
    {
        List<string> found = [];
        foreach (RedisKey key in await KeysAsync())
        {
            if (text.IsIn((byte[])key!))
            {
                found.Add($"key {key}");
            }

            found.AddRange((await ReadAsync(key)).Where(value => text.IsIn((byte[])value!)).Select(value => $"value in key {key}: {value}"));
        }

        return found;
    }

    /// <summary>The number of commands since the server's start, by command, without those that this class sends.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CommandsAsync()
    {
        IGrouping<string, KeyValuePair<string, string>>[] sections = await _server.InfoAsync("commandstats");
        return sections.SelectMany(section => section)
            .Where(command => command.Key is not ("cmdstat_info" or "cmdstat_ping"))
            .ToDictionary(command => command.Key["cmdstat_".Length..], command => long.Parse(command.Value.Split(',')[0]["calls=".Length..]));
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<IEnumerable<RedisValue>> ReadAsync(RedisKey key)
    {
        switch (await _database.KeyTypeAsync(key))
        {
            case RedisType.None:
                return [];
            case RedisType.String:
                return [await _database.StringGetAsync(key)];
            case RedisType.Hash:
                return (await _database.HashGetAllAsync(key)).SelectMany(field => new[] { field.Name, field.Value });
            case RedisType.SortedSet:
                return await _database.SortedSetRangeByRankAsync(key);
            case RedisType.Set:
                return await _database.SetMembersAsync(key);
            case RedisType.List:
                return await _database.ListRangeAsync(key);
            case RedisType.Stream:
                return (await _database.StreamRangeAsync(key)).SelectMany(entry => entry.Values.SelectMany(field => new[] { field.Name, field.Value }));
            case RedisType other:
                throw new NotSupportedException($"Key {key} has type {other}, which this can't read.");
        }
    }
}
