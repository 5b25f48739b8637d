using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace OrleansSessions.EndToEnd.Tests.Shop;

/// <summary>Steps on the shop's pages, and what they leave in the browser.</summary>
internal static partial class ShopPage
{
    /// <summary>Signs a customer in.</summary>
    /// <param name="page">Any page of the shop.</param>
    /// <param name="name">The customer.</param>
    /// <param name="device">The device's label; null where the shop does not ask for one.</param>
    public static async Task SignInAsync(IPage page, string name, string? device)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByLabel("Your name").FillAsync(name);
        if (device is not null)
        {
            await page.GetByLabel("This device").FillAsync(device);
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByText($"Hello, {name}")).ToBeVisibleAsync();
    }

    /// <summary>Reads the session's token from the browser's cookies.</summary>
    public static async Task<string> TokenAsync(IPage page) =>
        (await page.Context.CookiesAsync()).Single(static cookie => SessionTokenText().IsMatch(cookie.Value)).Value;

    [GeneratedRegex("^[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}$")]
    private static partial Regex SessionTokenText();
}
