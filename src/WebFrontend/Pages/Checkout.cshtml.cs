using Microsoft.AspNetCore.Mvc;
using OrleansSessions.WebFrontend.Cart;
using OrleansSessions.WebFrontend.Catalogue;
using OrleansSessions.WebFrontend.Checkout;

namespace OrleansSessions.WebFrontend.Pages;

/// <summary>Checkout page.</summary>
internal sealed class CheckoutModel(ShoppingCart cart, OrderBook orders) : ShopPage
{
    public IReadOnlyList<CartLine> Lines => cart.Lines;

    public Money Total => cart.Total;

    /// <summary>The order's id, however often this form is sent.</summary>
    public Guid OrderId { get; } = Guid.NewGuid();

    public IActionResult OnGet() => Lines.Count == 0 ? RedirectToPage("/Cart") : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancellationToken)
    {
        if (!ModelState.IsValid || id == Guid.Empty)
        {
            return BadRequest();
        }

        if (await orders.PlaceAsync(id, cancellationToken) is not { } order)
        {
            return RedirectToPage("/Cart");
        }

        // Redirect to a confirmation page, so that reloading it orders nothing.
        TempData[OrderModel.PlacedKey] = order.Number();
        return RedirectToPage("/Order");
    }
}
