using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Shop;

/// <summary>Purchase with a real browser while servers come and go. The screenshots are among the results.</summary>
public sealed class ShopTests
{
    private const int ItemCount = 3;

    [Fact]
    public async Task Shop_SiloKilledWhileShopping_KeepsTheCartUntilTheOrder()
    {
        Tools.Require(Tools.Chromium);
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(LocalClusterOptions.Patient);
        await using Chromium chromium = await Chromium.StartAsync();
        IPage page = await chromium.OpenAsync(cluster.Url);
        ILocator status = page.GetByRole(AriaRole.Complementary, new() { Name = "Where this page" });
        ILocator cart = page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Cart") });
        await Assertions.Expect(status).ToContainTextAsync("none yet");
        await Chromium.ScreenshotAsync(page, "shop-1-catalogue");

        // The next frontend in turn answers each click.
        ILocator buttons = page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Add .* to the cart$") });
        HashSet<string> frontends = [];
        for (int item = 0; item < ItemCount; item++)
        {
            await buttons.Nth(item).ClickAsync();
            await Assertions.Expect(cart).ToContainTextAsync($"{item + 1}");
            frontends.Add(await FactAsync(status, "Answered by"));
        }

        // The silo that holds the session is killed between two clicks.
        string holder = await FactAsync(status, "Session held by");
        cluster.Member(cluster.Status.Silos.Single(silo => silo.Name == holder).Pid).Send(Signal.Kill);
        await cart.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Your cart" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Remove ") })).ToHaveCountAsync(ItemCount);
        Assert.NotEqual(holder, await FactAsync(status, "Session held by"));
        frontends.Add(await FactAsync(status, "Answered by"));
        await Chromium.ScreenshotAsync(page, "shop-2-cart-after-kill");

        // Signing in gives the same session a new token; the cart stays.
        string session = await FactAsync(status, "Session");
        string token = await ShopPage.TokenAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByLabel("Your name").FillAsync("Ada");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Hello, Ada")).ToBeVisibleAsync();
        Assert.Equal(session, await FactAsync(status, "Session"));
        Assert.NotEqual(token, await ShopPage.TokenAsync(page));
        await Chromium.ScreenshotAsync(page, "shop-3-signed-in");

        await cart.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Check out" }).ClickAsync();
        await Chromium.ScreenshotAsync(page, "shop-4-check-out");
        await page.GetByRole(AriaRole.Button, new() { Name = "Place the order" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Thank you, Ada" })).ToBeVisibleAsync();
        await Chromium.ScreenshotAsync(page, "shop-5-ordered");

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You are signed out" })).ToBeVisibleAsync();
        await Assertions.Expect(status).ToContainTextAsync("none yet");
        await Chromium.ScreenshotAsync(page, "shop-6-signed-out");
        Assert.True(frontends.Count > 1, $"All pages came from {string.Join(", ", frontends)}.");
    }

    [Fact]
    public async Task Shop_OnAPhone_ShowsNothingWiderThanTheScreen()
    {
        Tools.Require(Tools.Chromium);
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions { Silos = 1, Frontends = 1 });
        await using Chromium chromium = await Chromium.StartAsync();
        IPage page = await chromium.OpenAsync(cluster.Url);
        await page.SetViewportSizeAsync(390, 844);
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Add .* to the cart$") }).First.ClickAsync();

        foreach (string path in new[] { "/", "/checkout", "/sign-in", "/cart" })
        {
            await page.GotoAsync(new Uri(cluster.Url, path).ToString());
            int width = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            Assert.True(width <= 390, $"{path} is {width} pixels wide.");
        }

        await Chromium.ScreenshotAsync(page, "shop-phone");
    }

    /// <summary>Reads a value from the status bar.</summary>
    private static async Task<string> FactAsync(ILocator status, string term) =>
        (await status.Locator("dt", new() { HasTextRegex = new Regex($"^{term}$") }).Locator("xpath=following-sibling::dd").InnerTextAsync()).Trim();
}
