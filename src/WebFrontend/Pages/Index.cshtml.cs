using Microsoft.AspNetCore.Mvc;
using OrleansSessions.WebFrontend.Cart;
using OrleansSessions.WebFrontend.Catalogue;

namespace OrleansSessions.WebFrontend.Pages;

/// <summary>Catalogue page. Viewing it creates no session.</summary>
internal sealed class IndexModel(ProductCatalogue catalogue, ShoppingCart cart) : ShopPage
{
    public IReadOnlyList<Product> Products => catalogue.Products;

    public async Task<IActionResult> OnPostAsync(string? sku, CancellationToken cancellationToken)
    {
        if (catalogue.Find(sku) is not { } product)
        {
            return NotFound();
        }

        await cart.AddAsync(product, 1, cancellationToken);
        Notify($"{product.Name} is in your cart.");

        // Return to the card whose button was pressed.
        return RedirectToPage("/Index", pageHandler: null, routeValues: null, fragment: product.Sku);
    }
}
