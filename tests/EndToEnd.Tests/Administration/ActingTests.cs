using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.EndToEnd.Tests.Shop;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Administration;

/// <summary>An administrator who acts as a customer, with real browsers on different frontends. The screenshots are among the results.</summary>
public sealed class ActingTests
{
    private static readonly string Ada = new('a', 43);
    private static readonly string Rita = new('r', 43);

    [Fact]
    public async Task Administrator_ActingAsACustomer_SeesItOnEveryPageAndStopsOrIsStopped()
    {
        Tools.Require(Tools.Chromium);
        Tools.Require(Tools.RedisServer);
        using var folder = new TemporaryFolder();
        string keys = folder.File("administrators");
        await File.WriteAllLinesAsync(keys, [$"ada read,act {Ada}", $"rita read,end {Rita}"], TestContext.Current.CancellationToken);
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using LocalClusterProcess cluster = await ConsolePage.StartClusterAsync(redis.Address, keys);
        await using Chromium chromium = await Chromium.StartAsync();
        IPage customer = await chromium.OpenAsync(cluster.Status.Frontends[0].Url);
        await ShopPage.SignInAsync(customer, "Grace", "Phone");
        IPage page = await chromium.OpenAsync(new Uri(cluster.Status.Frontends[1].Url, "/console"));
        await ConsolePage.SignInAsync(page, Ada);

        // Only with the customer's id, and then in the shop as the customer sees it.
        await FindAsync(page, "Grace");
        await Chromium.ScreenshotsAsync(page, "console-act");
        await ActAsAsync(page, "Heidi");
        await Assertions.Expect(page.GetByText("That is another user's id.")).ToBeVisibleAsync();
        await ActAsAsync(page, "Grace");
        await AssertActingAsync(page);
        Assert.DoesNotContain("Grace", page.Url, StringComparison.Ordinal);
        await Chromium.ScreenshotsAsync(page, "acting");
        await page.GetByRole(AriaRole.Link, new() { Name = "Devices" }).ClickAsync();
        await AssertActingAsync(page);
        ILocator devices = page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Listitem);
        await Assertions.Expect(devices).ToHaveCountAsync(2);
        await Assertions.Expect(devices.Filter(new() { HasText = "This device" })).ToContainTextAsync("An administrator, acting as a customer");

        // Stopping leaves nothing of it, and not the customer's session either.
        await Banner(page).GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sessions", Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Impersonated")).ToBeVisibleAsync();
        await page.GotoAsync(cluster.Status.Frontends[0].Url.ToString());
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await Assertions.Expect(Banner(page)).ToHaveCountAsync(0);
        await customer.GetByRole(AriaRole.Link, new() { Name = "Devices" }).ClickAsync();
        await Assertions.Expect(customer.GetByRole(AriaRole.Main).GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);

        // The customer ends it: the administrator's open page says so, and the next request has no session.
        await page.GotoAsync(new Uri(cluster.Status.Frontends[1].Url, "/console").ToString());
        await FindAsync(page, "Grace");
        await ActAsAsync(page, "Grace");
        await AssertActingAsync(page);
        await customer.ReloadAsync();
        await customer.GetByRole(AriaRole.Main).GetByRole(AriaRole.Listitem).Filter(new() { HasText = "An administrator" })
            .GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Sign out") }).ClickAsync();
        await Assertions.Expect(customer.GetByText("That device is signed out.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("You have been signed out.");
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Sign in" })).ToBeVisibleAsync();
        Assert.DoesNotContain("Grace", cluster.Log, StringComparison.Ordinal);

        await AssertNotOfferedAsync(page, new Uri(cluster.Status.Frontends[1].Url, "/console"));
    }

    /// <summary>A key without the permission shows no way to act, and is refused if it is tried all the same.</summary>
    private static async Task AssertNotOfferedAsync(IPage page, Uri console)
    {
        await page.GotoAsync(console.ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await ConsolePage.SignInAsync(page, Rita);
        await FindAsync(page, "Grace");
        await Assertions.Expect(page.GetByLabel("Their user id, to confirm")).ToHaveCountAsync(0);
        await page.GotoAsync(new Uri(console, "/console/act-as").ToString());
        await Assertions.Expect(page.GetByText("Your key does not permit that.")).ToBeVisibleAsync();
    }

    private static ILocator Banner(IPage page) => page.GetByRole(AriaRole.Complementary, new() { Name = "Acting as a customer" });

    private static async Task AssertActingAsync(IPage page)
    {
        await Assertions.Expect(Banner(page)).ToContainTextAsync("You act as Grace.");
        await Assertions.Expect(page.GetByText("Hello, Grace")).ToBeVisibleAsync();
    }

    private static async Task FindAsync(IPage page, string user)
    {
        await page.GetByLabel("User id", new() { Exact = false }).FillAsync(user);
        await page.GetByLabel("User id", new() { Exact = false }).PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Phone" })).ToBeVisibleAsync();
    }

    private static async Task ActAsAsync(IPage page, string user)
    {
        await page.GetByLabel("Their user id, to confirm").FillAsync(user);
        await page.GetByRole(AriaRole.Button, new() { Name = "Act as this user" }).ClickAsync();
    }
}
