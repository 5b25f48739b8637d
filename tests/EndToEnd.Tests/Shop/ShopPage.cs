using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace OrleansSessions.EndToEnd.Tests.Shop;

/// <summary>What a page of the shop leaves in the browser.</summary>
internal static partial class ShopPage
{
    /// <summary>Reads the session's token from the browser's cookies.</summary>
    public static async Task<string> TokenAsync(IPage page) =>
        (await page.Context.CookiesAsync()).Single(static cookie => SessionTokenText().IsMatch(cookie.Value)).Value;

    [GeneratedRegex("^[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}$")]
    private static partial Regex SessionTokenText();
}
