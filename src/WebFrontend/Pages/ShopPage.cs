using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace OrleansSessions.WebFrontend.Pages;

/// <summary>Base of the shop's pages. They show the visitor's own cart and session, so they are not cached, and they can leave a notice for the next page.</summary>
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
internal abstract class ShopPage : PageModel
{
    /// <summary>TempData key of the notice.</summary>
    public const string NoticeKey = "Notice";

    /// <summary>Shows a notice once, on the visitor's next page.</summary>
    protected void Notify(string notice) => TempData[NoticeKey] = notice;
}
