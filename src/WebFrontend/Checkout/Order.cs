using OrleansSessions.WebFrontend.Catalogue;

namespace OrleansSessions.WebFrontend.Checkout;

/// <summary>Placed order, stored in the session as JSON.</summary>
internal sealed record Order
{
    /// <summary>Created with the order form, so that a form sent twice orders once.</summary>
    public required Guid Id { get; init; }

    public required DateTimeOffset PlacedAt { get; init; }

    public required IReadOnlyList<OrderLine> Lines { get; init; }

    /// <summary>The total price.</summary>
    public Money Total() => Lines.Aggregate(default(Money), (sum, line) => sum + line.Total());

    /// <summary>The order number shown to the customer.</summary>
    public string Number() => Id.ToString("N")[..8].ToUpperInvariant();
}
