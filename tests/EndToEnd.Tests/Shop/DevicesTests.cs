using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Shop;

/// <summary>The page of a customer's devices, with real browsers on different frontends. The screenshots are among the results.</summary>
public sealed class DevicesTests
{
    private const string Customer = "Ada";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Devices_OfOneCustomerOnTwoFrontends_CanEndEachOther(bool coHost)
    {
        Tools.Require(Tools.Chromium);
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions { CoHost = coHost });
        await using Chromium chromium = await Chromium.StartAsync();
        IPage laptop = await chromium.OpenAsync(cluster.Status.Frontends[0].Url);
        IPage phone = await chromium.OpenAsync(cluster.Status.Frontends[1].Url);

        // The cart is older than the sign-in, which changes the token and nothing else.
        await AddToCartAsync(laptop);
        await AddToCartAsync(phone);
        string token = await ShopPage.TokenAsync(laptop);
        await ShopPage.SignInAsync(laptop, Customer, "Work laptop");
        await ShopPage.SignInAsync(phone, Customer, "Phone");
        Assert.NotEqual(token, await ShopPage.TokenAsync(laptop));
        await Assertions.Expect(Cart(laptop)).ToContainTextAsync("1");
        await Assertions.Expect(Cart(phone)).ToContainTextAsync("1");
        IWebSocket connection = await LiveConnectionAsync(phone);

        await laptop.GetByRole(AriaRole.Link, new() { Name = "Devices" }).ClickAsync();
        ILocator devices = laptop.GetByRole(AriaRole.Main).GetByRole(AriaRole.Listitem);
        await Assertions.Expect(devices).ToHaveCountAsync(2);
        await Assertions.Expect(devices.Filter(new() { HasText = "This device" })).ToContainTextAsync("Work laptop");
        await Assertions.Expect(devices.Filter(new() { HasText = "Phone" })).ToContainTextAsync("127.0.0.1");
        await Chromium.ScreenshotsAsync(laptop, coHost ? "devices-cohost" : "devices");

        // By keyboard: focus and Enter.
        ILocator end = laptop.GetByRole(AriaRole.Button, new() { Name = "Sign out: Phone" });
        await end.FocusAsync();
        await end.PressAsync("Enter");
        await Assertions.Expect(laptop.GetByText("That device is signed out.")).ToBeVisibleAsync();
        await Assertions.Expect(devices).ToHaveCountAsync(1);

        // The open page learns of it by itself; any next request is anonymous.
        await Assertions.Expect(phone.GetByRole(AriaRole.Alert)).ToContainTextAsync("You have been signed out.");
        await Assertions.Expect(Cart(phone)).ToHaveAttributeAsync("data-live", "closed");
        await Eventually.TrueAsync("the connection is closed", TimeSpan.FromSeconds(60), () => connection.IsClosed);
        await Chromium.ScreenshotsAsync(phone, coHost ? "devices-ended-cohost" : "devices-ended");
        await phone.ReloadAsync();
        await Assertions.Expect(phone.GetByRole(AriaRole.Link, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await Assertions.Expect(Cart(phone)).Not.ToContainTextAsync("1");
        await Assertions.Expect(laptop.GetByText($"Hello, {Customer}")).ToBeVisibleAsync();
        await Assertions.Expect(Cart(laptop)).ToContainTextAsync("1");
    }

    [Fact]
    public async Task Cart_ChangedInAnotherTabAndFrontend_IsCountedInTheOpenPage()
    {
        Tools.Require(Tools.Chromium);
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions { Silos = 1, Frontends = 2 });
        await using Chromium chromium = await Chromium.StartAsync();
        IPage open = await chromium.OpenAsync(cluster.Status.Frontends[0].Url);

        // A visitor without a session has nothing to follow.
        int connections = 0;
        open.WebSocket += (_, _) => connections++;
        await open.ReloadAsync();
        Assert.Equal(0, connections);
        await AddToCartAsync(open);
        await LiveConnectionAsync(open);

        // The same browser, so it has the same cookie; the port does not matter to it.
        IPage tab = await open.Context.NewPageAsync();
        await tab.GotoAsync(cluster.Status.Frontends[1].Url.ToString());
        await tab.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Add .* to the cart$") }).Nth(1).ClickAsync();
        await Assertions.Expect(Cart(tab)).ToContainTextAsync("2");

        await Assertions.Expect(Cart(open)).ToContainTextAsync("2 items");
    }

    [Fact]
    public async Task SignOutEverywhere_FromOneDevice_EndsTheOthersFirstAndThenItself()
    {
        Tools.Require(Tools.Chromium);
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions { Silos = 1, Frontends = 2 });
        await using Chromium chromium = await Chromium.StartAsync();
        IPage[] pages = [.. await Task.WhenAll(Enumerable.Range(0, 3).Select(number => chromium.OpenAsync(cluster.Status.Frontends[number % 2].Url)))];
        foreach (IPage page in pages)
        {
            await ShopPage.SignInAsync(page, Customer, "");
        }

        await pages[0].GetByRole(AriaRole.Link, new() { Name = "Devices" }).ClickAsync();
        await Assertions.Expect(pages[0].GetByRole(AriaRole.Heading, new() { Name = "Chrome on Linux" })).ToHaveCountAsync(3);
        await pages[0].GetByRole(AriaRole.Button, new() { Name = "Sign out everywhere else" }).ClickAsync();
        await Assertions.Expect(pages[0].GetByText("You are signed out everywhere else.")).ToBeVisibleAsync();
        await pages[1].ReloadAsync();
        await Assertions.Expect(pages[1].GetByRole(AriaRole.Link, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await ShopPage.SignInAsync(pages[1], Customer, "");

        await pages[0].GetByRole(AriaRole.Button, new() { Name = "Sign out everywhere", Exact = true }).ClickAsync();

        await Assertions.Expect(pages[0].GetByRole(AriaRole.Heading, new() { Name = "You are signed out" })).ToBeVisibleAsync();
        foreach (IPage page in pages)
        {
            await page.ReloadAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Sign in" })).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task Frontend_WithoutASecret_SignsInAndSaysThatItKeepsNoList()
    {
        Tools.Require(Tools.Chromium);
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions { Silos = 1, Frontends = 1 });
        await using MemberProcess frontend = MemberProcess.StartFrontend(cluster.Status.Redis!);
        await frontend.UntilAsync("/healthz/ready", HttpStatusCode.OK);
        await using Chromium chromium = await Chromium.StartAsync();
        IPage page = await chromium.OpenAsync(frontend.Url);

        await ShopPage.SignInAsync(page, Customer, device: null);
        await page.GetByRole(AriaRole.Link, new() { Name = "Devices" }).ClickAsync();

        await Assertions.Expect(page.GetByText("This shop keeps no list of devices")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText($"Hello, {Customer}")).ToBeVisibleAsync();
        Assert.Single(Regex.Matches(frontend.Process.Output, "Customers sign in without a list of their devices"));
    }

    [Fact]
    public async Task CustomersName_ChangedThroughTheApi_IsRefused()
    {
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions { Silos = 1, Frontends = 1 });
        using var browser = new Sessions.Browser(cluster.Url);

        using HttpResponseMessage response = await browser.TryPutAsync("customer:name", Customer);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Null((await browser.GetAsync()).Id);
    }

    /// <summary>Waits for the SignalR connection of the page, after loading it again.</summary>
    private static async Task<IWebSocket> LiveConnectionAsync(IPage page)
    {
        IWebSocket connection = await page.RunAndWaitForWebSocketAsync(() => page.ReloadAsync());
        await Assertions.Expect(Cart(page)).ToHaveAttributeAsync("data-live", "open");
        return connection;
    }

    private static ILocator Cart(IPage page) => page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Cart") });

    private static async Task AddToCartAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Add .* to the cart$") }).First.ClickAsync();
        await Assertions.Expect(Cart(page)).ToContainTextAsync("1");
    }
}
