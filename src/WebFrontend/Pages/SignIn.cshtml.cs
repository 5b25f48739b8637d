using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using OrleansSessions.WebFrontend.Customers;

namespace OrleansSessions.WebFrontend.Pages;

/// <summary>Sign-in page.</summary>
internal sealed class SignInModel(Customer customer) : ShopPage
{
    [BindProperty]
    [Required(ErrorMessage = "Please type a name.")]
    [StringLength(Customer.MaxNameLength, ErrorMessage = "A name has at most {1} characters.")]
    public string Name { get; set; } = "";

    [BindProperty]
    [StringLength(Customer.MaxLabelLength, ErrorMessage = "A device's name has at most {1} characters.")]
    public string? Device { get; set; }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!ModelState.IsValid)
        {
            return Page();
        }

        await customer.SignInAsync(Name.Trim(), Device?.Trim(), cancellationToken);
        Notify("You are signed in, and your session has a new token.");
        return RedirectToPage("/Index");
    }
}
