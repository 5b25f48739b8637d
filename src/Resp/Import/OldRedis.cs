using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;
using OrleansSessions.Redis;
using OrleansSessions.Resp.Hosting;
using OrleansSessions.Resp.Sessions;
using StackExchange.Redis;

namespace OrleansSessions.Resp.Import;

/// <summary>
/// The Redis that kept the sessions before the cluster did. What was taken over, or ended, is renamed there and keeps its time to live: it is never taken over
/// twice, and can be renamed back.
/// </summary>
internal sealed class OldRedis(IOptions<RespOptions> options) : IAsyncDisposable
{
    /// <summary>What the names of taken over keys begin with.</summary>
    public const string TakenPrefix = "taken-over:";

    private readonly Lazy<Task<ConnectionMultiplexer>>? _connection = options.Value.ImportFrom is { } connectionString
        ? new(() => ConnectionMultiplexer.ConnectAsync(RedisConnectionString.Parse(connectionString)))
        : null;

    /// <summary>Whether there is one.</summary>
    public bool IsConfigured => _connection is not null;

    /// <summary>Reads a session: a string, or a hash as ASP.NET Core's RedisCache writes it.</summary>
    /// <param name="name">The key.</param>
    /// <param name="database">The database that the client has selected.</param>
    /// <param name="limits">What can be taken apart.</param>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="SessionUnavailableException">The old Redis can't be reached: whether there is a session is not known.</exception>
    public Task<OldSession?> ReadAsync(ReadOnlyMemory<byte> name, int database, SessionLimits limits) => CallAsync(async server =>
    {
        IDatabase old = server.GetDatabase(database);
        RedisKey key = name.ToArray();
        RedisType type = await old.KeyTypeAsync(key);
        Task<TimeSpan?> timeToLive = old.KeyTimeToLiveAsync(key);
        Payload? payload = type switch
        {
            RedisType.String when (byte[]?)await old.StringGetAsync(key) is { } value => Payload.Split(value, limits),
            RedisType.Hash when await old.HashGetAllAsync(key) is { Length: > 0 } fields => new Payload(
                SessionShape.Hash, [.. fields.Select(static field => new SessionEntry { Name = field.Name.ToString(), Value = (byte[])field.Value! })]),
            _ => null,
        };
        return payload is null ? null : new OldSession(payload, await timeToLive ?? KeyValue.NoExpiry);
    });

    /// <summary>Renames a key, so that nobody reads it again. False: there is none.</summary>
    /// <param name="name">The key.</param>
    /// <param name="database">The database that the client has selected.</param>
    /// <exception cref="SessionUnavailableException">The old Redis can't be reached.</exception>
    public Task<bool> RetireAsync(ReadOnlyMemory<byte> name, int database) => CallAsync(async server =>
    {
        RedisKey key = name.ToArray();
        try
        {
            return await server.GetDatabase(database).KeyRenameAsync(key, key.Prepend(TakenPrefix));
        }
        catch (RedisServerException exception) when (exception.Message.Contains("no such key", StringComparison.Ordinal))
        {
            return false;
        }
    });

    public async ValueTask DisposeAsync()
    {
        if (_connection is { IsValueCreated: true } connection)
        {
            await (await connection.Value).DisposeAsync();
        }
    }

    private async Task<T> CallAsync<T>(Func<ConnectionMultiplexer, Task<T>> call)
    {
        try
        {
            return await call(await _connection!.Value);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            throw new SessionUnavailableException("The Redis that sessions are taken over from can't be reached. Nothing is lost; try again later.");
        }
    }
}
