using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace OrleansSessions.AspNetCore.Tests.Components.Pages;

/// <summary>Page with a form that redirects to itself and then greets once.</summary>
public sealed class GreetingModel : PageModel
{
    /// <summary>The greeting, kept in TempData until it is shown.</summary>
    [TempData]
    public string? Message { get; set; }

    /// <summary>Greets, and keeps the greeting for the next page.</summary>
    public void OnGetTwice()
    {
        Message = "shown twice";
    }

    /// <summary>Handles the form.</summary>
    public IActionResult OnPost(string name)
    {
        Message = $"Hello, {name}!";
        return RedirectToPage();
    }
}
