using OrleansSessions.Connectivity.Redis;
using OrleansSessions.Contracts;
using StackExchange.Redis;

namespace OrleansSessions.Client.TakeOver;

/// <summary>The Redis that kept the sessions before the cluster did.</summary>
/// <param name="connectionString">Where it is.</param>
internal sealed class OldRedis(string connectionString) : IAsyncDisposable
{
    /// <summary>What the names of taken over keys begin with.</summary>
    private const string TakenPrefix = "taken-over:";

    private readonly Lazy<Task<ConnectionMultiplexer>> _connection = new(() => ConnectionMultiplexer.ConnectAsync(RedisConnectionString.Parse(connectionString)));

    /// <summary>Reads a string or a hash.</summary>
    /// <param name="name">The key.</param>
    /// <param name="database">The database; null: that of the connection string.</param>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="SessionUnavailableException">The old Redis can't be reached: whether there is a session is not known.</exception>
    public Task<OldValue?> ReadAsync(ReadOnlyMemory<byte> name, int? database = null) => CallAsync(async server =>
    {
        IDatabase old = server.GetDatabase(database ?? -1);
        RedisKey key = name.ToArray();
        RedisType type = await old.KeyTypeAsync(key);

        // Before the value: a key that ends between has no time to live any more, and would seem to live for ever.
        TimeSpan? timeToLive = await old.KeyTimeToLiveAsync(key);
        OldValue? value = type switch
        {
            RedisType.String when (byte[]?)await old.StringGetAsync(key) is { } text => new OldValue { Text = text },
            RedisType.Hash when await old.HashGetAllAsync(key) is { Length: > 0 } fields => new OldValue
            {
                Fields = [.. fields.Select(static field => KeyValuePair.Create(field.Name.ToString(), (byte[])field.Value!))],
            },
            _ => null,
        };
        return value is null ? null : value with { TimeToLive = timeToLive };
    });

    /// <summary>Renames a key, so that nobody reads it again. False: there is none.</summary>
    /// <param name="name">The key.</param>
    /// <param name="database">The database; null: that of the connection string.</param>
    /// <exception cref="SessionUnavailableException">The old Redis can't be reached.</exception>
    public Task<bool> RetireAsync(ReadOnlyMemory<byte> name, int? database = null) => CallAsync(async server =>
    {
        RedisKey key = name.ToArray();
        try
        {
            return await server.GetDatabase(database ?? -1).KeyRenameAsync(key, key.Prepend(TakenPrefix));
        }
        catch (RedisServerException exception) when (exception.Message.Contains("no such key", StringComparison.Ordinal))
        {
            return false;
        }
    });

    public async ValueTask DisposeAsync()
    {
        if (_connection.IsValueCreated)
        {
            await (await _connection.Value).DisposeAsync();
        }
    }

    private async Task<T> CallAsync<T>(Func<ConnectionMultiplexer, Task<T>> call)
    {
        try
        {
            return await call(await _connection.Value);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            throw new SessionUnavailableException("The Redis that sessions are taken over from can't be reached. Nothing is lost; try again later.");
        }
    }
}
