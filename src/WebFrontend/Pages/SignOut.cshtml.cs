using Microsoft.AspNetCore.Mvc;
using OrleansSessions.WebFrontend.Customers;

namespace OrleansSessions.WebFrontend.Pages;

/// <summary>Destroys the session, and says so. The farewell is no notice in TempData: that would begin a new session.</summary>
internal sealed class SignOutModel(Customer customer) : ShopPage
{
    public IActionResult OnGet() => customer.Name is null ? Page() : RedirectToPage("/Index");

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await customer.SignOutAsync(cancellationToken);
        return RedirectToPage();
    }
}
