using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.OpenIdConnect.Tests;

/// <summary>Pages that require a fresh authentication, at the provider.</summary>
public sealed class StepUpTests(SessionCluster cluster)
{
    private const string Page = "/transfer";

    [Fact]
    public async Task Page_OfAStaleSession_SendsTheBrowserToTheProviderAndLetsItInAfterwards()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await Shop.StartAsync(cluster.Grains, provider);
        using Browser browser = await SignInAsync(app, provider, TimeSpan.FromMinutes(20));
        using Browser copy = browser.Clone();

        await browser.ReturnFromAsync(await browser.AuthenticateAtAsync(provider, Page), Page);

        Assert.Equal(300, provider.RequestedMaxAge);
        Assert.Equal("transferred", await browser.GetTextAsync(Page));
        UserSession session = Assert.Single(
            (await app.Services.GetRequiredService<IUserSessions>().ListAsync(provider.Subject, cancellationToken: TestContext.Current.CancellationToken)).Sessions);
        Assert.Equal(provider.AuthenticatedAt.ToUnixTimeSeconds(), session.Description.Identity!.AuthenticatedAt.ToUnixTimeSeconds());

        // The token before is replaced, so whoever has a copy of it is not fresh.
        Assert.Equal("(nobody)", await copy.WhoAmIAsync());
    }

    [Fact]
    public async Task Page_OfAFreshSession_NeedsNoProvider()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await Shop.StartAsync(cluster.Grains, provider);
        using Browser browser = await SignInAsync(app, provider, TimeSpan.FromMinutes(1));

        Assert.Equal("transferred", await browser.GetTextAsync(Page));
        Assert.Null(provider.RequestedMaxAge);
    }

    /// <summary>It has a session of its own for the visitor, which is as old as before. Asking it again would send the browser round for ever.</summary>
    [Fact]
    public async Task Page_OfAStaleSessionWhoseProviderAsksNothing_IsRefusedInsteadOfAskingAgain()
    {
        await using Provider provider = await Provider.StartAsync();
        provider.ObeysMaxAge = false;
        await using TestApp app = await Shop.StartAsync(cluster.Grains, provider);
        using Browser browser = await SignInAsync(app, provider, TimeSpan.FromMinutes(20));

        await browser.ReturnFromAsync(await browser.AuthenticateAtAsync(provider, Page), Page);

        using HttpResponseMessage again = await browser.GetAsync(Page);
        Assert.Equal((HttpStatusCode.Redirect, "/Account/AccessDenied"), (again.StatusCode, again.Headers.Location!.AbsolutePath));
        Assert.Equal(provider.Subject, await browser.WhoAmIAsync());
    }

    private static async Task<Browser> SignInAsync(TestApp app, Provider provider, TimeSpan age)
    {
        provider.AuthenticatedAt = DateTimeOffset.UtcNow - age;
        Browser browser = app.NewShopBrowser();
        await browser.SignInAsync(provider);
        return browser;
    }
}
