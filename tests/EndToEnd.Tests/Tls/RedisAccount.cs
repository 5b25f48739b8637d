using OrleansSessions.EndToEnd.Tests.Processes;
using StackExchange.Redis;

namespace OrleansSessions.EndToEnd.Tests.Tls;

/// <summary>
/// Redis that requires client certificates of its authority, and grants the cluster's user only the documented keys and commands.
/// </summary>
internal sealed class RedisAccount : IAsyncDisposable
{
    private const string User = "sessions";
    private const string Administrator = "administrator";

    private readonly string _password = $"password-{Guid.NewGuid():N}";
    private readonly TestAuthority _authority = new("redis");
    private readonly TestCertificateFolder _server;
    private readonly TestCertificateFolder _client;
    private readonly TemporaryFolder _secret = new();
    private RedisProcess? _redis;

    private RedisAccount()
    {
        _server = new TestCertificateFolder(_authority.Issue("localhost"), _authority);
        _client = new TestCertificateFolder(_authority.Issue(User), _authority);
        File.WriteAllText(_secret.File("password"), _password + "\n");
        File.WriteAllLines(_secret.File("users.acl"),
        [
            $"user {User} on >{_password} {DocumentedRights()}",
            $"user {Administrator} on >{_password} +@all ~* &*",
            "user default off",
        ]);
    }

    public RedisProcess Redis => _redis ?? throw new InvalidOperationException("It is not started.");

    /// <summary>The settings for a silo or a frontend. A stalled test machine is no outage of Redis.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(_client.Settings("Redis:Tls"))
    {
        ["ConnectionStrings:Redis"] = $"localhost:{Redis.Port},ssl=true,asyncTimeout=20000",
        ["Redis:User"] = User,
        ["Redis:PasswordPath"] = _secret.File("password"),
    };

    public static async Task<RedisAccount> StartAsync()
    {
        var account = new RedisAccount();
        try
        {
            account._redis = await RedisProcess.StartAsync(tls: true, options:
            [
                "--tls-auth-clients", "yes", "--tls-ca-cert-file", account._server.AuthorityPath,
                "--tls-cert-file", account._server.CertificatePath, "--tls-key-file", account._server.KeyPath,
                "--aclfile", account._secret.File("users.acl"),
            ]);
            return account;
        }
        catch
        {
            await account.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns Redis' refusals, as <c>reason object</c>.</summary>
    public async Task<IReadOnlyList<string>> DeniedAsync()
    {
        ConfigurationOptions options = ConfigurationOptions.Parse($"localhost:{Redis.Port},ssl=true,user={Administrator},password={_password}");
        options.TrustIssuer(_server.AuthorityPath);
        options.SetUserPemCertificate(_client.CertificatePath, _client.KeyPath);
        await using ConnectionMultiplexer connection = await PatientRedis.ConnectAsync(options);
        var log = (RedisResult[])(await connection.GetDatabase().ExecuteAsync("ACL", "LOG"))!;
        return [.. log.Select(entry => entry.ToDictionary()).Select(entry => $"{entry["reason"]} {entry["object"]}")];
    }

    public async ValueTask DisposeAsync()
    {
        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        _secret.Dispose();
        _server.Dispose();
        _client.Dispose();
        _authority.Dispose();
    }

    /// <summary>The rights in docs/configuration.md's ACL line, after the password.</summary>
    private static string DocumentedRights()
    {
        string line = File.ReadLines(Repository.Source("docs/configuration.md")).Single(text => text.TrimStart().StartsWith($"user {User} on >", StringComparison.Ordinal));
        return line.TrimStart().Split(' ', 5)[4];
    }
}
