using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using OrleansSessions.WebFrontend.Administration;

namespace OrleansSessions.WebFrontend.Pages.Console;

/// <summary>Sign-out of an administrator, who then no longer acts as a customer either.</summary>
internal sealed class SignOutModel(AdministratorSession own) : ShopPage
{
    public IActionResult OnGet() => RedirectToPage("/Console/Index");

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await own.EndAsync(HttpContext, User, cancellationToken);
        await HttpContext.SignOutAsync(ConsoleSignIn.Scheme);
        return RedirectToPage("/Console/SignIn");
    }
}
