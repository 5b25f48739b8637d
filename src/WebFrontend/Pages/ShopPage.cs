using Microsoft.AspNetCore.Mvc.RazorPages;

namespace OrleansSessions.WebFrontend.Pages;

/// <summary>A page that can leave a notice for the next one.</summary>
internal abstract class ShopPage : PageModel
{
    /// <summary>The name of the notice in TempData.</summary>
    public const string NoticeKey = "Notice";

    /// <summary>Shows a sentence once, on the page that the visitor gets next.</summary>
    protected void Notify(string notice) => TempData[NoticeKey] = notice;
}
