using Microsoft.AspNetCore.Mvc;
using OrleansSessions.WebFrontend.Checkout;

namespace OrleansSessions.WebFrontend.Pages;

/// <summary>Page of the last order. TempData marks the first view after the order was placed.</summary>
internal sealed class OrderModel(OrderBook orders) : ShopPage
{
    /// <summary>TempData key of the number of the order just placed.</summary>
    public const string PlacedKey = "PlacedOrder";

    public Order? Order { get; } = orders.Last;

    public bool JustPlaced { get; private set; }

    public IActionResult OnGet()
    {
        if (Order is null)
        {
            return RedirectToPage("/Index");
        }

        JustPlaced = TempData[PlacedKey] is string number && number == Order.Number();
        return Page();
    }
}
