using Microsoft.AspNetCore.Mvc;
using OrleansSessions.WebFrontend.Cart;
using OrleansSessions.WebFrontend.Catalogue;
using OrleansSessions.WebFrontend.Checkout;

namespace OrleansSessions.WebFrontend.Pages;

/// <summary>The last look before ordering.</summary>
internal sealed class CheckoutModel(ShoppingCart cart, OrderBook orders) : ShopPage
{
    public IReadOnlyList<CartLine> Lines => cart.Lines;

    public Money Total => cart.Total;

    /// <summary>The id that the order will have if this form is sent, however often.</summary>
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

        // The confirmation is a page of its own, so that reloading it orders nothing.
        TempData[OrderModel.PlacedKey] = order.Number();
        return RedirectToPage("/Order");
    }
}
