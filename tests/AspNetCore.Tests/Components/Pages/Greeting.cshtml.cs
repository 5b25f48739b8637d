using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace OrleansSessions.AspNetCore.Tests.Components.Pages;

/// <summary>A form that answers with a redirect to itself, and greets once after it.</summary>
public sealed class GreetingModel : PageModel
{
    /// <summary>The greeting, kept in TempData until it is shown.</summary>
    [TempData]
    public string? Message { get; set; }

    /// <summary>Greets, and says the same once more on the next page.</summary>
    public void OnGetTwice()
    {
        Message = "shown twice";
    }

    /// <summary>The form.</summary>
    public IActionResult OnPost(string name)
    {
        Message = $"Hello, {name}!";
        return RedirectToPage();
    }
}
