using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using OrleansSessions.WebFrontend.Cart;
using OrleansSessions.WebFrontend.Catalogue;

namespace OrleansSessions.WebFrontend.Pages;

/// <summary>Product page.</summary>
internal sealed class ProductModel(ProductCatalogue catalogue, ShoppingCart cart) : ShopPage
{
    public Product Product { get; private set; } = null!;

    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (catalogue.Find(RouteData.Values["sku"] as string) is { } product)
        {
            Product = product;
        }
        else
        {
            context.Result = NotFound();
        }
    }

    public async Task<IActionResult> OnPostAsync([Range(1, ShoppingCart.MaxQuantity)] int quantity, CancellationToken cancellationToken)
    {
        if (!ModelState.IsValid)
        {
            return BadRequest();
        }

        int inCart = await cart.AddAsync(Product, quantity, cancellationToken);
        Notify($"{Product.Name}: {inCart} in your cart.");
        return RedirectToPage(new { sku = Product.Sku });
    }
}
