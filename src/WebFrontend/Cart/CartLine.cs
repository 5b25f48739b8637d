using OrleansSessions.WebFrontend.Catalogue;

namespace OrleansSessions.WebFrontend.Cart;

/// <summary>Quantity of one product in the cart.</summary>
internal sealed record CartLine(Product Product, int Quantity)
{
    public Money Total => Product.Price * Quantity;
}
