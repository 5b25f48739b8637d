using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrleansSessions.AspNetCore;

namespace OrleansSessions.WebFrontend.Pages.Console;

/// <summary>Base of the console's pages. They have nothing to do with customers' sessions, and no cache keeps them.</summary>
[SkipSession]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
internal abstract class ConsolePage : PageModel
{
    /// <summary>What the request before has done; null: nothing to tell.</summary>
    [BindProperty(SupportsGet = true)]
    public int? Ended { get; set; }

    /// <summary>The administrator's name.</summary>
    protected string Administrator => User.Identity?.Name ?? "";
}
