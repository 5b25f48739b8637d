using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OrleansSessions.EndToEnd.Tests.Stores;
using StackExchange.Redis;

namespace OrleansSessions.EndToEnd.Tests.Steps;

/// <summary>What Redis has of users and their sessions, read without the product: docs/architecture.md describes the bytes.</summary>
internal sealed class StoredUsers : IAsyncDisposable
{
    private const string Prefix = "orleans-sessions/";
    private const string Namespace = "default";
    private const int Shards = 64;
    private const int StatusByte = 2;

    private readonly ConnectionMultiplexer _connection;
    private readonly IDatabase _database;
    private readonly byte[] _secret;

    private StoredUsers(ConnectionMultiplexer connection, byte[] secret)
    {
        _connection = connection;
        _database = connection.GetDatabase();
        _secret = secret;
    }

    private enum Status
    {
        None = 0,
        Active = 1,
        Ending = 2,
        Tombstone = 3,
    }

    public static async Task<StoredUsers> OpenAsync(string address, byte[] userSecret) => new(await PatientRedis.ConnectAsync(address), userSecret);

    /// <summary>The key of a token's session.</summary>
    public static string SessionKeyOf(string token) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{Namespace}\0{token.Split('.')[0]}")));

    /// <summary>The keys of all living sessions that are signed in as the user.</summary>
    public async Task<string[]> SignedInAsync(string user)
    {
        var userKey = new SecretText(UserKeyOf(user));
        List<string> found = [];
        await foreach (RedisKey key in _connection.GetServers()[0].KeysAsync(pattern: $"{Prefix}session/*", pageSize: 1000))
        {
            byte[] state = await ReadAsync(key);
            if (StatusOf(state) == Status.Active && userKey.IsIn(state))
            {
                found.Add(key.ToString()[$"{Prefix}session/".Length..]);
            }
        }

        return [.. found.Order(StringComparer.Ordinal)];
    }

    /// <summary>The number of sessions in the user's list.</summary>
    public async Task<int> ListedAsync(string user)
    {
        byte[] list = await ReadAsync($"{Prefix}user/{UserKeyOf(user)}");

        // 'U', the schema, the number of the latest registration, and the number of sessions.
        int position = 2;
        _ = list.Length == 0 ? 0 : ReadNumber(list, ref position);
        return list.Length == 0 ? 0 : ReadNumber(list, ref position);
    }

    /// <summary>Whether a session has a deadline in the expiry index.</summary>
    public async Task<bool> HasDeadlineAsync(string sessionKey)
    {
        double?[] deadlines = await Task.WhenAll(Enumerable.Range(0, Shards).Select(shard => _database.SortedSetScoreAsync($"{Prefix}expiry/{shard}", sessionKey)));
        return deadlines.Any(static deadline => deadline is not null);
    }

    /// <summary>Whether the end of a session has been announced: it has left a tombstone at most. True for one that lives.</summary>
    public async Task<bool> HasNoEndToAnnounceAsync(string sessionKey) => StatusOf(await ReadAsync($"{Prefix}session/{sessionKey}")) != Status.Ending;

    /// <summary>The keys of the sessions that an event of the audit trail is about.</summary>
    public async Task<HashSet<string>> AuditedAsync(string kind) =>
    [
        .. (await _database.StreamRangeAsync(SteppedCluster.AuditStream)).Where(entry => entry["kind"] == kind).Select(static entry => entry["session"].ToString()),
    ];

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static Status StatusOf(byte[] state) => state.Length == 0 ? Status.None : (Status)state[StatusByte];

    private static int ReadNumber(byte[] bytes, ref int position)
    {
        int number = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[position++];
            number |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                return number;
            }
        }
    }

    private string UserKeyOf(string user) => Base64Url.EncodeToString(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{Namespace}\0{user}")));

    private async Task<byte[]> ReadAsync(RedisKey key) => (byte[]?)await _database.HashGetAsync(key, "data") ?? [];
}
