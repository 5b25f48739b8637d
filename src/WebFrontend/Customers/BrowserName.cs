namespace OrleansSessions.WebFrontend.Customers;

/// <summary>
/// Short name of a browser, such as "Firefox on Windows", from what it says of itself. For display only: it can say anything, and the whole text is shown beside it. The order
/// matters, because most browsers also name those that they descend from.
/// </summary>
internal static class BrowserName
{
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
    ];

    /// <summary>Returns the name; null: it is another kind of client.</summary>
    public static string? Of(string userAgent) =>
        Find(Browsers, userAgent) is not { } browser ? null : Find(Systems, userAgent) is { } system ? $"{browser} on {system}" : browser;

    private static string? Find((string Mark, string Name)[] known, string userAgent) =>
        Array.Find(known, entry => userAgent.Contains(entry.Mark, StringComparison.Ordinal)).Name;
}
