using OrleansSessions.WebFrontend.Catalogue;

namespace OrleansSessions.WebFrontend.Cart;

/// <summary>Some pieces of one product in the cart.</summary>
internal sealed record CartLine(Product Product, int Quantity)
{
    public Money Total => Product.Price * Quantity;
}
