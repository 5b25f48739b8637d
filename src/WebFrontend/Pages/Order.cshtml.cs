using Microsoft.AspNetCore.Mvc;
using OrleansSessions.WebFrontend.Checkout;

namespace OrleansSessions.WebFrontend.Pages;

/// <summary>The last order. Right after it was placed, and only then, TempData says so.</summary>
internal sealed class OrderModel(OrderBook orders) : ShopPage
{
    /// <summary>The name in TempData of the number of the order that was just placed.</summary>
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
