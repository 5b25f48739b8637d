using StackExchange.Redis;

namespace OrleansSessions.Resp.Tests.Cluster;

/// <summary>Client with one connection, like a PHP process.</summary>
internal sealed class RedisClient : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _connection;

    private RedisClient(ConnectionMultiplexer connection) => _connection = connection;

    public static async Task<RedisClient> ConnectAsync(string endpoint) => new(await PatientRedis.ConnectAsync(endpoint));

    public Task<RedisResult> RunAsync(string command, params object[] arguments) => _connection.GetDatabase().ExecuteAsync(command, arguments);

    public async Task<string?> TextAsync(string command, params object[] arguments) => (string?)await RunAsync(command, arguments);

    public async Task<long> NumberAsync(string command, params object[] arguments) => (long)await RunAsync(command, arguments);

    /// <summary>Runs a command that must fail, and returns the error.</summary>
    public async Task<string> ErrorAsync(string command, params object[] arguments) =>
        (await Assert.ThrowsAsync<RedisServerException>(() => RunAsync(command, arguments))).Message;

    /// <summary>Runs commands between MULTI and EXEC.</summary>
    public async Task<RedisResult[]?> TransactAsync(params (string Command, object[] Arguments)[] commands)
    {
        ITransaction transaction = _connection.GetDatabase().CreateTransaction();
        Task<RedisResult>[] results = [.. commands.Select(queued => transaction.ExecuteAsync(queued.Command, queued.Arguments))];
        return await transaction.ExecuteAsync() ? await Task.WhenAll(results) : null;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
