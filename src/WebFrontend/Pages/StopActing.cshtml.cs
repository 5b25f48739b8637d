using Microsoft.AspNetCore.Mvc;
using OrleansSessions.AspNetCore;
using OrleansSessions.WebFrontend.Customers;

namespace OrleansSessions.WebFrontend.Pages;

/// <summary>End of an administrator's acting as a customer. Outside the console: forms there are bound to the administrator's cookie, which the shop's pages don't get.</summary>
internal sealed class StopActingModel(Customer customer) : ShopPage
{
    public IActionResult OnGet() => RedirectToPage("/Index");

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!customer.IsActedAs)
        {
            return RedirectToPage("/Index");
        }

        await HttpContext.StopImpersonatingAsync(cancellationToken);

        // The administrator's own session was made for this only.
        await customer.SignOutAsync(cancellationToken);
        return RedirectToPage("/Console/Index");
    }
}
