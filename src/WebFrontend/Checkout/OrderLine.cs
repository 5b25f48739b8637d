using OrleansSessions.WebFrontend.Catalogue;

namespace OrleansSessions.WebFrontend.Checkout;

/// <summary>Some pieces of one product, at the price of the moment.</summary>
internal sealed record OrderLine(string Sku, string Name, Money Price, int Quantity)
{
    public Money Total() => Price * Quantity;
}
