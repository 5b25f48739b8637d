using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.EndToEnd.Tests.Shop;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Administration;

/// <summary>The administrators' console, with real browsers. The screenshots are among the results.</summary>
public sealed class ConsoleTests
{
    private static readonly string Ada = new('a', 43);
    private static readonly string Reader = new('r', 43);

    [Fact]
    public async Task Console_WithAKey_FindsACustomerEndsTheirSessionAndTellsIt()
    {
        Tools.Require(Tools.Chromium);
        Tools.Require(Tools.RedisServer);
        using var folder = new TemporaryFolder();
        string keys = folder.File("administrators");
        await File.WriteAllLinesAsync(keys, [$"ada read,end {Ada}", $"rita read {Reader}"], TestContext.Current.CancellationToken);
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using LocalClusterProcess cluster = await ConsolePage.StartClusterAsync(redis.Address, keys);
        await using Chromium chromium = await Chromium.StartAsync();
        IPage customer = await chromium.OpenAsync(cluster.Status.Frontends[0].Url);
        await ShopPage.SignInAsync(customer, "Grace", "Phone");

        // Any other key is refused, and the right one opens the page.
        IPage console = await chromium.OpenAsync(new Uri(cluster.Status.Frontends[1].Url, "/console"));
        await ConsolePage.SignInAsync(console, new string('x', 43));
        await Assertions.Expect(console.GetByText("No administrator has this key.")).ToBeVisibleAsync();
        await Chromium.ScreenshotsAsync(console, "console-sign-in");
        await ConsolePage.SignInAsync(console, Ada);
        await Assertions.Expect(console.GetByText("Connected.")).ToBeVisibleAsync();
        await Assertions.Expect(console.GetByRole(AriaRole.Rowheader, new() { Name = "silo-2" })).ToBeVisibleAsync();
        await Assertions.Expect(console.GetByText("per second").First).ToBeVisibleAsync();

        await AssertAnnouncesNoFiguresAsync(console);
        ILocator pause = console.GetByRole(AriaRole.Button, new() { Name = "Pause" });
        await pause.FocusAsync();
        await pause.PressAsync("Space");
        await Assertions.Expect(console.GetByRole(AriaRole.Button, new() { Name = "Pause", Pressed = true })).ToBeVisibleAsync();
        string paused = await console.GetByRole(AriaRole.Main).InnerTextAsync();

        IPage list = await console.Context.NewPageAsync();
        await list.GotoAsync(new Uri(cluster.Status.Frontends[0].Url, "/console").ToString());
        await list.GetByLabel("User id").FillAsync("Grace");
        await list.GetByLabel("User id").PressAsync("Enter");
        await Assertions.Expect(list.GetByRole(AriaRole.Heading, new() { Name = "Phone" })).ToBeVisibleAsync();
        Assert.DoesNotContain("Grace", list.Url, StringComparison.OrdinalIgnoreCase);
        await Chromium.ScreenshotsAsync(list, "console-user");
        ILocator end = list.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^End: Phone") });
        await end.FocusAsync();
        await end.PressAsync("Enter");

        // The administrator and the customer's open page learn of it, and so does the other open console, once it is no longer paused.
        await Assertions.Expect(list.GetByText("One session was ended.")).ToBeVisibleAsync();
        await Assertions.Expect(customer.GetByRole(AriaRole.Alert)).ToContainTextAsync("You have been signed out.");
        Assert.NotEmpty(await ConsolePage.FiguresAsync(console));
        Assert.Equal(paused, await console.GetByRole(AriaRole.Main).InnerTextAsync());
        await Chromium.ScreenshotsAsync(console, "console-paused");
        await pause.PressAsync("Enter");
        await Assertions.Expect(console.GetByRole(AriaRole.Button, new() { Name = "Pause", Pressed = false })).ToBeVisibleAsync();
        await Assertions.Expect(console.GetByRole(AriaRole.Cell, new() { Name = "EndedByAdministrator, by administrator:ada" })).ToBeVisibleAsync();
        await Chromium.ScreenshotsAsync(console, "console");

        await AssertDashboardAsync(list, cluster);

        // A removed key is refused at once, though its cookie is there.
        await File.WriteAllLinesAsync(keys, [$"rita read {Reader}"], TestContext.Current.CancellationToken);
        await list.GotoAsync(new Uri(cluster.Status.Frontends[0].Url, "/console").ToString());
        await Assertions.Expect(list.GetByLabel("Your key")).ToBeVisibleAsync();

        // An administrator who may only read finds no way to end sessions.
        await ConsolePage.SignInAsync(list, Reader);
        await list.GetByLabel("User id").FillAsync("Grace");
        await list.GetByLabel("User id").PressAsync("Enter");
        await Assertions.Expect(list.GetByText("Your key does not permit ending sessions.")).ToBeVisibleAsync();
        Assert.DoesNotContain("Grace", cluster.Log, StringComparison.Ordinal);

        // Guessing is slowed down, and noticed.
        await AssertGuessingIsLimitedAsync(console, cluster);
    }

    [Fact]
    public async Task Console_WithoutAFileOfKeys_IsNotThere()
    {
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions { Silos = 1, Frontends = 1 });
        using var client = new HttpClient { BaseAddress = cluster.Url };

        foreach (string path in new[] { "/console", "/console/sign-in", "/console/events" })
        {
            using HttpResponseMessage response = await client.GetAsync(path, TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    /// <summary>Orleans' dashboard is for administrators only, and shows neither logs nor the state of grains.</summary>
    private static async Task AssertDashboardAsync(IPage page, LocalClusterProcess cluster)
    {
        var address = new Uri(cluster.Status.Frontends[0].Url, "/console/orleans/");
        await page.GotoAsync(new Uri(cluster.Status.Frontends[0].Url, "/console").ToString());
        await page.GetByRole(AriaRole.Link, new() { Name = "Orleans' dashboard" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Total Activations").First).ToBeVisibleAsync();
        await Chromium.ScreenshotsAsync(page, "console-dashboard");
        Assert.Equal(404, (await page.Context.APIRequest.GetAsync(new Uri(address, "GrainState?grainType=session&grainId=a").ToString())).Status);
        Assert.Equal(403, (await page.Context.APIRequest.GetAsync(new Uri(address, "Trace").ToString())).Status);

        using var anybody = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        foreach (string path in new[] { "", "DashboardCounters", "GrainState", "Trace" })
        {
            using HttpResponseMessage response = await anybody.GetAsync(new Uri(address, path), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        }
    }

    /// <summary>New figures change the page, but not the text that screen readers speak.</summary>
    private static async Task AssertAnnouncesNoFiguresAsync(IPage page)
    {
        await page.EvaluateAsync(
            """
            () => {
              window.announced = [];
              const status = document.querySelector("[role=status]");
              new MutationObserver(() => window.announced.push(status.textContent)).observe(status, { childList: true, characterData: true, subtree: true });
            }
            """);
        ILocator time = page.GetByText(new Regex(@"^As of [\d:]+ UTC\.$"));
        await Assertions.Expect(time).Not.ToHaveTextAsync(await time.InnerTextAsync());
        await Assertions.Expect(time).Not.ToHaveTextAsync(await time.InnerTextAsync());
        Assert.Empty(await page.EvaluateAsync<string[]>("window.announced"));
    }

    private static async Task AssertGuessingIsLimitedAsync(IPage page, LocalClusterProcess cluster)
    {
        string guess = new('g', 43);
        var address = new Uri(cluster.Status.Frontends[1].Url, "/console/sign-in");
        ILocator limit = page.GetByRole(AriaRole.Heading, new() { Name = "Too many attempts" });
        for (int attempts = 0; attempts < 20 && !await limit.IsVisibleAsync(); attempts++)
        {
            await page.GotoAsync(address.ToString());
            await ConsolePage.SignInAsync(page, guess);
            await Assertions.Expect(limit.Or(page.GetByText("No administrator has this key."))).ToBeVisibleAsync();
        }

        await Assertions.Expect(limit).ToBeVisibleAsync();
        Assert.Contains("Refused a sign-in to the console from", cluster.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(guess, cluster.Log, StringComparison.Ordinal);
    }
}
