using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace OrleansSessions.WebFrontend.Pages;

/// <summary>A page of the shop. It shows the visitor's own cart and session, so no cache may keep it, and can leave a notice for the next page.</summary>
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
internal abstract class ShopPage : PageModel
{
    /// <summary>The name of the notice in TempData.</summary>
    public const string NoticeKey = "Notice";

    /// <summary>Shows a sentence once, on the page that the visitor gets next.</summary>
    protected void Notify(string notice) => TempData[NoticeKey] = notice;
}
