using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Components;

/// <summary>Components that know only <c>ISession</c>: MVC, Razor Pages, TempData, antiforgery.</summary>
public sealed partial class MvcTests(SessionCluster cluster)
{
    [Fact]
    public async Task TempData_AcrossARedirect_IsShownOnce()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();

        using HttpResponseMessage saved = await browser.PostAsync("/mvc/save", Form("text", "hello"));

        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);
        Assert.Equal("hello", await browser.GetTextAsync(saved.Headers.Location!.OriginalString));
        Assert.Equal("(none)", await browser.GetTextAsync("/mvc/show"));
    }

    [Fact]
    public async Task TempData_SetByAnActionThatAnswersWithABody_StartsTheSession()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();

        using HttpResponseMessage kept = await browser.PostAsync("/mvc/keep", Form("text", "hello"));

        Assert.Equal("kept", await kept.TextAsync());
        Assert.NotNull(browser.Token);
        Assert.Equal("hello", await browser.GetTextAsync("/mvc/show"));
        Assert.Equal("(none)", await browser.GetTextAsync("/mvc/show"));
    }

    [Fact]
    public async Task TempData_ShownWhileItsRemovalCantBeStored_Returns503()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();
        await browser.PostAsync("/mvc/save", Form("text", "hello"));
        app.Grains.Fail(nameof(ISessionGrain.CommitAsync), new SessionUnavailableException("Redis did not answer."));

        using HttpResponseMessage failed = await browser.GetAsync("/mvc/show");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);
        Assert.Equal("hello", await browser.GetTextAsync("/mvc/show"));
    }

    [Fact]
    public async Task SessionExtensions_OfTheFramework_Work()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();

        Assert.Equal("1", await browser.GetTextAsync("/mvc/visits"));
        Assert.Equal("2", await browser.GetTextAsync("/mvc/visits"));
    }

    [Fact]
    public async Task RazorPage_WithAntiforgeryAndTempData_GreetsOnce()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();
        string form = await browser.GetTextAsync("/greeting");
        string antiforgery = AntiforgeryField().Match(form).Groups[1].Value;
        Assert.NotEmpty(antiforgery);

        using HttpResponseMessage posted = await browser.PostAsync(
            "/greeting",
            new FormUrlEncodedContent(new Dictionary<string, string> { ["Name"] = "Ada", ["__RequestVerificationToken"] = antiforgery }));

        Assert.Equal(HttpStatusCode.Redirect, posted.StatusCode);
        Assert.Contains("Hello, Ada!", await browser.GetTextAsync("/greeting"), StringComparison.Ordinal);
        Assert.DoesNotContain("Hello, Ada!", await browser.GetTextAsync("/greeting"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RazorPage_WithoutAntiforgeryToken_IsRefusedAndStoresNothing()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();

        using HttpResponseMessage posted = await browser.PostAsync("/greeting", Form("Name", "Mallory"));

        Assert.Equal(HttpStatusCode.BadRequest, posted.StatusCode);
        Assert.Null(browser.Token);
        Assert.Empty(app.Grains.Calls);
    }

    [Fact]
    public async Task RazorPage_ThatRendersAfterSettingTempData_StartsTheSession()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();

        Assert.Contains("shown twice", await browser.GetTextAsync("/greeting?handler=Twice"), StringComparison.Ordinal);

        Assert.NotNull(browser.Token);
    }

    [Fact]
    public async Task RazorPage_WhoseCommitFails_Returns503AndNotShown()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();
        await browser.GetTextAsync("/mvc/visits");
        app.Grains.Fail(nameof(ISessionGrain.CommitAsync), new SessionUnavailableException("Redis did not answer."));

        using HttpResponseMessage response = await browser.GetAsync("/greeting?handler=Twice");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.DoesNotContain("shown twice", await response.TextAsync(), StringComparison.Ordinal);
    }

    private static FormUrlEncodedContent Form(string name, string value) => new(new Dictionary<string, string> { [name] = value });

    private Task<TestApp> StartAsync() => TestApp.StartAsync(
        cluster.Grains,
        app =>
        {
            app.UseRouting();
            app.UseOrleansSessions();
            app.MapControllers();
            app.MapRazorPages();
        },
        builder =>
        {
            builder.Services.AddControllersWithViews().AddSessionStateTempDataProvider().AddApplicationPart(typeof(MvcTests).Assembly);
            builder.Services.AddRazorPages(pages => pages.RootDirectory = "/Components/Pages").AddSessionStateTempDataProvider();
        });

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"([^\"]*)\"")]
    private static partial Regex AntiforgeryField();
}
