using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.EndToEnd.Tests.Sessions;
using OrleansSessions.EndToEnd.Tests.Stores;
using StackExchange.Redis;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Secrets;

/// <summary>Redis with password, database number and TLS: it works, and the password is never printed.</summary>
public sealed class RedisConnectionTests
{
    private const int Database = 2;

    private readonly string _password = $"password-{Guid.NewGuid():N}";

    [Fact]
    public async Task ConnectionString_WithPasswordAndDatabase_WorksAndIsNotPrinted()
    {
        Tools.Require(Tools.RedisServer);
        await using RedisProcess redis = await RedisProcess.StartAsync(_password);
        await AssertWorksAsync(redis, $"{redis.Address},password={_password},defaultDatabase={Database}", _ => { });
    }

    [Fact]
    public async Task ConnectionUrl_WithPasswordDatabaseAndTls_WorksAndIsNotPrinted()
    {
        Tools.Require(Tools.RedisServer);
        await using RedisProcess redis = await RedisProcess.StartAsync(_password, tls: true);
        await AssertWorksAsync(redis, $"rediss://:{_password}@localhost:{redis.Port}/{Database}", options =>
        {
            options.Ssl = true;
            options.TrustIssuer(redis.Certificate!.AuthorityFile);
        });
    }

    private async Task AssertWorksAsync(RedisProcess redis, string connection, Action<ConfigurationOptions> configure)
    {
        void Configure(ConfigurationOptions options)
        {
            options.Password = _password;
            configure(options);
        }

        Dictionary<string, string> environment = redis.Certificate is { } certificate ? new() { ["SSL_CERT_FILE"] = certificate.AuthorityFile } : [];
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions
        {
            Redis = connection,
            Silos = 1,
            Frontends = 1,
            Environment = environment,
        });
        using var browser = new Browser(cluster.Url);

        await browser.PutAsync("name", "value");
        SessionView view = await browser.GetAsync();

        Assert.Equal("value", view["name"]);
        await using StoredData used = await StoredData.OpenAsync(redis.Address, Database, Configure);
        await using StoredData unused = await StoredData.OpenAsync(redis.Address, 0, Configure);
        Assert.NotEmpty(await used.FindAsync(new SecretText(view.Id!)));
        Assert.Empty(await unused.KeysAsync());

        // Test failures too: a refused connection is a classic way to leak a connection string.
        await redis.StopAsync();
        using HttpResponseMessage refused = await browser.TryPutAsync("name", "other");
        Assert.DoesNotContain(_password, await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await cluster.StopAsync());
        Assert.DoesNotContain(_password, cluster.Log);
    }
}
