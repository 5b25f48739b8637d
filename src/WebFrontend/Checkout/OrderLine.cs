using OrleansSessions.WebFrontend.Catalogue;

namespace OrleansSessions.WebFrontend.Checkout;

/// <summary>Quantity of one product, at the price when ordered.</summary>
internal sealed record OrderLine(string Sku, string Name, Money Price, int Quantity)
{
    public Money Total() => Price * Quantity;
}
