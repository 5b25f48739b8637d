using System.Net;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using Xunit;

namespace OrleansSessions.AspNetCore.OpenIdConnect.Tests;

/// <summary>Logout tokens that are signed with a key which the frontend does not know.</summary>
public sealed class ProviderKeysTests(SessionCluster cluster)
{
    /// <summary>The provider sends it once.</summary>
    [Fact]
    public async Task Logout_SignedWithAKeyThatIsNew_EndsTheSession()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await Shop.StartAsync(cluster.Grains, provider);
        using Browser browser = app.NewShopBrowser();
        await browser.SignInAsync(provider);
        SigningCredentials changed = provider.ChangeKey();

        using HttpResponseMessage response = await app.LogOutAsync(provider.LogoutToken(token => token.SigningCredentials = changed));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("(nobody)", await browser.WhoAmIAsync());
    }

    [Fact]
    public async Task Logouts_SignedWithKeysThatAreUnknown_DoNotAskTheProviderEachTime()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await Shop.StartAsync(cluster.Grains, provider);
        using Browser browser = app.NewShopBrowser();
        await browser.SignInAsync(provider);
        var unknown = new SigningCredentials(new RsaSecurityKey(RSA.Create(2048)) { KeyId = "unknown" }, SecurityAlgorithms.RsaSha256);
        int before = provider.KeyRequests;

        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage response = await app.LogOutAsync(provider.LogoutToken(token => token.SigningCredentials = unknown));
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }

        // Ours, and that of ASP.NET Core's configuration manager in the background.
        Assert.InRange(provider.KeyRequests - before, 1, 2);
    }
}
