using Microsoft.AspNetCore.Mvc;
using OrleansSessions.WebFrontend.Cart;
using OrleansSessions.WebFrontend.Catalogue;

namespace OrleansSessions.WebFrontend.Pages;

/// <summary>Cart page, with all changes except adding.</summary>
internal sealed class CartModel(ProductCatalogue catalogue, ShoppingCart cart) : ShopPage
{
    public IReadOnlyList<CartLine> Lines { get; } = cart.Lines;

    public int Count => Lines.Sum(line => line.Quantity);

    public Money Total => cart.Total;

    public IActionResult OnPostChange(string? sku, int quantity)
    {
        if (catalogue.Find(sku) is not { } product)
        {
            return NotFound();
        }

        if (!ModelState.IsValid)
        {
            return BadRequest();
        }

        cart.SetQuantity(product, quantity);
        return RedirectToPage();
    }

    public IActionResult OnPostRemove(string? sku)
    {
        if (catalogue.Find(sku) is not { } product)
        {
            return NotFound();
        }

        cart.Remove(product);
        Notify($"{product.Name} is no longer in your cart.");
        return RedirectToPage();
    }

    public IActionResult OnPostEmpty()
    {
        cart.Empty();
        Notify("Your cart is empty.");
        return RedirectToPage();
    }
}
