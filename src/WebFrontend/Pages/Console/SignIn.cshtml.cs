using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using OrleansSessions.Administration;
using OrleansSessions.WebFrontend.Administration;

namespace OrleansSessions.WebFrontend.Pages.Console;

/// <summary>Sign-in of administrators, with their key.</summary>
internal sealed class SignInModel(ISessionAdministrators administrators) : ConsolePage
{
    [BindProperty]
    [Required(ErrorMessage = "Please give your key.")]
    public string Key { get; set; } = "";

    public async Task<IActionResult> OnPostAsync()
    {
        if (ModelState.IsValid && administrators.Find(Key, ConsoleSignIn.Scheme) is { } found)
        {
            await HttpContext.SignInAsync(ConsoleSignIn.Scheme, new ClaimsPrincipal(found));
            return RedirectToPage("/Console/Index");
        }

        if (ModelState.IsValid)
        {
            ModelState.AddModelError(nameof(Key), "No administrator has this key.");
        }

        return Page();
    }

    public async Task<IActionResult> OnPostOutAsync()
    {
        await HttpContext.SignOutAsync(ConsoleSignIn.Scheme);
        return RedirectToPage();
    }
}
