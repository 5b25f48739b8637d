using System.Net;
using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.EndToEnd.Tests.Steps;
using OrleansSessions.EndToEnd.Tests.Stores;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Secrets;

/// <summary>What Redis, with its audit stream, tells of a signed-in customer.</summary>
public sealed class EncryptionTests
{
    private static readonly string[] Secrets = ["a-secret-customer", "a-secret-device", "a-secret-entry", "a-secret-text"];

    /// <summary>Unencrypted, to show that the search would find them.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Redis_OfASignedInCustomer_ShowsThemUnlessEncrypted(bool isEncrypted)
    {
        Tools.Require(Tools.RedisServer);
        using var keys = new TemporaryFolder();
        await File.WriteAllTextAsync(keys.File("first"), Convert.ToBase64String(new byte[32]), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(keys.File("active"), isEncrypted ? "first" : "none", TestContext.Current.CancellationToken);
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions
        {
            Redis = redis.Address,
            Silos = 1,
            Frontends = 1,
            Environment = new Dictionary<string, string>
            {
                ["SessionCluster__Encryption__KeyDirectory"] = keys.Path,
                ["SessionCluster__Audit__Stream"] = "orleans-sessions/audit",
            },
        });
        using var customer = new CustomerBrowser(cluster.Url, cluster.Url);
        await customer.PutAsync("a-secret-entry", "a-secret-text");
        using (HttpResponseMessage signedIn = await customer.SignInAsync("a-secret-customer", "a-secret-device"))
        {
            Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        }

        await using StoredData store = await StoredData.OpenAsync(redis.Address);

        Assert.Contains(await store.FindAsync(new SecretText("SignedIn")), static found => found.Contains("orleans-sessions/audit", StringComparison.Ordinal));

        // Redis writes its file up to some seconds late.
        var last = new SecretText("SignedIn");
        await Eventually.TrueAsync("the sign-in is in Redis' file", TimeSpan.FromSeconds(20), () => redis.AppendOnlyFiles.Any(file => last.IsIn(File.ReadAllBytes(file))));
        foreach (SecretText secret in Secrets.Select(static text => new SecretText(text)))
        {
            Assert.Equal(isEncrypted, (await store.FindAsync(secret)).Count == 0);
            Assert.Equal(isEncrypted, !redis.AppendOnlyFiles.Any(file => secret.IsIn(File.ReadAllBytes(file))));
        }
    }
}
