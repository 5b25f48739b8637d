extern alias blazor;
extern alias minimal;
extern alias mvc;

using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OrleansSessions.Samples.Tests;

/// <summary>The samples, used with two frontends each, as behind a load balancer.</summary>
public sealed class SampleTests(SessionTestClusterFixture sessions) : IClassFixture<SessionTestClusterFixture>
{
    [Fact]
    public async Task MinimalApi_KeepsTheCart()
    {
        await using WebApplicationFactory<minimal::Program> first = Start<minimal::Program>();
        await using WebApplicationFactory<minimal::Program> second = Start<minimal::Program>();
        using var browser = new Browser(first.Server, second.Server);

        await browser.PostAsync("/cart/apple");
        await browser.PostAsync("/cart/pear");
        Assert.Equal("""["apple","pear"]""", await browser.GetAsync("/cart"));

        await browser.DeleteAsync("/cart");
        Assert.Equal("[]", await browser.GetAsync("/cart"));
    }

    [Fact]
    public async Task MvcIdentity_KeepsTheSessionAcrossSignIn_AndEndsItAtSignOut()
    {
        await using WebApplicationFactory<mvc::Program> shop = Start<mvc::Program>();
        using var browser = new Browser(shop.Server);
        string page = await browser.GetAsync("/");
        Assert.Contains("""<p id="user">nobody</p>""", page, StringComparison.Ordinal);

        page = await browser.SubmitAsync("/Account/Register", page, ("name", "ada"), ("password", "Correct-Horse-1"));
        Assert.Contains("""<p id="user">ada</p>""", page, StringComparison.Ordinal);
        Assert.Contains("""<p id="visits">2</p>""", page, StringComparison.Ordinal);

        using Browser copy = browser.Copy();
        page = await browser.SubmitAsync("/Account/Leave", page);
        Assert.Contains("""<p id="user">nobody</p>""", page, StringComparison.Ordinal);
        Assert.Contains("""<p id="user">nobody</p>""", await copy.GetAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BlazorServer_KeepsTheCart()
    {
        await using WebApplicationFactory<blazor::Program> shop = Start<blazor::Program>();
        using var browser = new Browser(shop.Server);
        string page = await browser.GetAsync("/");

        page = await browser.SubmitAsync("/", page, ("_handler", "add"), ("Item", "apple"));
        Assert.Contains("<li>apple</li>", page, StringComparison.Ordinal);
        Assert.Contains("<li>apple</li>", await browser.GetAsync("/"), StringComparison.Ordinal);
    }

    private WebApplicationFactory<T> Start<T>()
        where T : class =>
        new WebApplicationFactory<T>().WithWebHostBuilder(builder =>
        {
            sessions.Cluster.Configure(builder);
            builder.ConfigureLogging(static logging => logging.ClearProviders());
            builder.ConfigureServices(static services => services.AddDataProtection().UseEphemeralDataProtectionProvider());
        });
}
