using Microsoft.AspNetCore.Mvc;
using OrleansSessions.WebFrontend.Customers;

namespace OrleansSessions.WebFrontend.Pages;

/// <summary>Sign-out page: destroys the session and confirms it. The confirmation does not use TempData, which would create a new session.</summary>
internal sealed class SignOutModel(Customer customer) : ShopPage
{
    public IActionResult OnGet() => customer.Name is null ? Page() : RedirectToPage("/Index");

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await customer.SignOutAsync(cancellationToken);
        return RedirectToPage();
    }
}
