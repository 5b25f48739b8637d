using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.ServiceTokens.Tests;

/// <summary>Tokens of sessions, and services that verify them.</summary>
public sealed class ServiceTokenTests(SessionCluster cluster) : IDisposable
{
    private readonly SigningKeyFolder _keys = new("first");

    public void Dispose() => _keys.Dispose();

    [Fact]
    public async Task Token_OfASignedInSession_IsAcceptedByItsServiceAndNoOther()
    {
        await using Frontend frontend = await Frontend.StartAsync(cluster.Grains, _keys);
        await using Service orders = await Service.StartAsync(frontend);
        await using Service billing = await Service.StartAsync(frontend, Frontend.Billing);
        using Browser browser = await frontend.SignInAsync("ada-1");

        JsonWebToken token = await Frontend.GetTokenAsync(browser);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (await orders.CallAsync(token.EncodedToken), await billing.CallAsync(token.EncodedToken)));
        Assert.Equal(("first", SecurityAlgorithms.EcdsaSha256, KeyOf("ada-1")), (token.Kid, token.Alg, token.Subject));
        Assert.Equal(await browser.GetTextAsync("/key"), token.GetClaim("sid").Value);
        Assert.Equal("pwd", Assert.Single(token.GetPayloadValue<string[]>("amr")));
        Assert.InRange(token.GetPayloadValue<long>("auth_time"), 1, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        Assert.Equal((token.IssuedAt, token.IssuedAt.AddMinutes(5)), (token.ValidFrom, token.ValidTo));
        Assert.DoesNotContain("ada-1", Base64UrlEncoder.Decode(token.EncodedPayload), StringComparison.Ordinal);
        Assert.NotEqual(token.Id, (await Frontend.GetTokenAsync(browser)).Id);
        Assert.DoesNotContain(frontend.Logs.Records, record => record.Text.Contains(token.EncodedToken, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Token_AfterItsLifetime_IsRefused()
    {
        await using Frontend frontend = await Frontend.StartAsync(cluster.Grains, _keys);
        await using Service orders = await Service.StartAsync(frontend);
        using Browser browser = await frontend.SignInAsync("ada-2");
        Assert.Equal(HttpStatusCode.OK, await orders.CallAsync((await Frontend.GetTokenAsync(browser)).EncodedToken));

        // Later than the difference between clocks that services allow.
        frontend.Clock.AdjustTime(DateTimeOffset.UtcNow - TimeSpan.FromMinutes(11));
        JsonWebToken token = await Frontend.GetTokenAsync(browser);

        Assert.Equal(HttpStatusCode.Unauthorized, await orders.CallAsync(token.EncodedToken));
    }

    [Theory]
    [InlineData("first")]
    [InlineData("unknown")]
    public async Task Token_SignedByAKeyThatIsNotPublished_IsRefused(string id)
    {
        await using Frontend frontend = await Frontend.StartAsync(cluster.Grains, _keys);
        await using Service orders = await Service.StartAsync(frontend);
        DateTime now = DateTime.UtcNow;

        string forged = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Frontend.Issuer,
            Audience = Frontend.Orders,
            IssuedAt = now,
            NotBefore = now,
            Expires = now.AddMinutes(5),
            SigningCredentials = SigningKeyFolder.AnotherKey(id),
        });

        Assert.Equal(HttpStatusCode.Unauthorized, await orders.CallAsync(forged));
    }

    [Fact]
    public async Task Rotation_OfKeys_RefusesNoTokenUntilTheOldKeyIsRemoved()
    {
        await using Frontend frontend = await Frontend.StartAsync(cluster.Grains, _keys);
        using Browser browser = await frontend.SignInAsync("ada-3");
        string old = (await Frontend.GetTokenAsync(browser)).EncodedToken;

        _keys.Add("second");
        frontend.ReadKeys();
        await using Service orders = await Service.StartAsync(frontend);
        Assert.Equal(("first", HttpStatusCode.OK), ((await Frontend.GetTokenAsync(browser)).Kid, await orders.CallAsync(old)));

        _keys.Activate("second");
        frontend.ReadKeys();
        JsonWebToken renewed = await Frontend.GetTokenAsync(browser);
        Assert.Equal("second", renewed.Kid);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await orders.CallAsync(old), await orders.CallAsync(renewed.EncodedToken)));

        _keys.Remove("first");
        frontend.ReadKeys();
        await using Service later = await Service.StartAsync(frontend);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await later.CallAsync(old), await later.CallAsync(renewed.EncodedToken)));
    }

    [Fact]
    public async Task PublishedKeys_HaveNoPrivateHalf()
    {
        await using Frontend frontend = await Frontend.StartAsync(cluster.Grains, _keys);
        using Browser anyone = frontend.NewBrowser();

        using var keys = JsonDocument.Parse(await anyone.GetTextAsync("/.well-known/jwks.json"));

        JsonElement key = Assert.Single(keys.RootElement.GetProperty("keys").EnumerateArray());
        Assert.Equal(["alg", "crv", "kid", "kty", "use", "x", "y"], key.EnumerateObject().Select(static property => property.Name).Order());
    }

    [Fact]
    public async Task Token_OfAnImpersonation_NamesTheAdministratorToo()
    {
        await using Frontend frontend = await Frontend.StartAsync(cluster.Grains, _keys);
        using Browser browser = await frontend.SignInAsync("grace-4");
        Assert.False((await Frontend.GetTokenAsync(browser)).TryGetPayloadValue("act", out JsonElement _));

        await Frontend.PostAsync(browser, "/act-as/ada-4");
        JsonWebToken token = await Frontend.GetTokenAsync(browser);

        Assert.Equal(KeyOf("ada-4"), token.Subject);
        Assert.Equal(KeyOf("grace-4"), token.GetPayloadValue<JsonElement>("act").GetProperty("sub").GetString());
    }

    [Fact]
    public async Task Token_OfATicket_NamesItsSession()
    {
        await using Frontend frontend = await Frontend.StartAsync(cluster.Grains, _keys);
        using Browser browser = frontend.NewBrowser();
        await Frontend.PostAsync(browser, "/sign-in-with-ticket/ada-5");

        JsonWebToken token = await Frontend.GetTokenAsync(browser);

        Assert.Equal((KeyOf("ada-5"), await browser.GetTextAsync("/key")), (token.Subject, token.GetClaim("sid").Value));
        Assert.False(token.TryGetPayloadValue("amr", out string[] _));
    }

    [Fact]
    public async Task Token_OfASessionThatEndsSoon_ExpiresWithIt()
    {
        await using Frontend frontend = await Frontend.StartAsync(cluster.Grains, _keys);
        using Browser browser = await frontend.SignInAsync("ada-6");
        await Frontend.PostAsync(browser, "/idle/90");

        JsonWebToken token = await Frontend.GetTokenAsync(browser);

        DateTimeOffset end = DateTimeOffset.Parse(await browser.GetTextAsync("/ends"), CultureInfo.InvariantCulture);
        Assert.InRange(token.ValidTo, token.IssuedAt, end.UtcDateTime);
    }

    [Theory]
    [InlineData("/sign-out")]
    [InlineData("/sign-in/eve-7")]
    [InlineData("/sign-in/ada-7")]
    public async Task Request_WhoseSessionEndedOrWasSignedInMeanwhile_GetsNoToken(string meanwhile)
    {
        await using Frontend frontend = await Frontend.StartAsync(cluster.Grains, _keys);
        using Browser browser = await frontend.SignInAsync("ada-7");
        Task<HttpResponseMessage> held = browser.Clone().PostAsync("/held-token");
        await frontend.Held;

        await Frontend.PostAsync(browser, meanwhile);
        frontend.Release();

        using HttpResponseMessage response = await held;
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
    }

    [Fact]
    public async Task Visitor_WhoIsNotSignedIn_GetsNoToken()
    {
        await using Frontend frontend = await Frontend.StartAsync(cluster.Grains, _keys);
        using Browser browser = frontend.NewBrowser();
        using HttpResponseMessage without = await browser.PostAsync("/token/orders");
        await Frontend.PostAsync(browser, "/visit");
        using HttpResponseMessage anonymous = await browser.PostAsync("/token/orders");

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (without.StatusCode, anonymous.StatusCode));
    }

    [Fact]
    public async Task Token_ForAServiceThatIsNotConfigured_IsRefusedByName()
    {
        await using Frontend frontend = await Frontend.StartAsync(cluster.Grains, _keys);
        using Browser browser = await frontend.SignInAsync("ada-8");

        ArgumentException refusal = await Assert.ThrowsAsync<ArgumentException>(() => browser.PostAsync("/token/mail"));

        Assert.Contains("'mail'", refusal.Message, StringComparison.Ordinal);
    }

    private static string KeyOf(string user) => UserKey.For(new byte[UserKey.MinSecretBytes], "default", user).Value;
}
