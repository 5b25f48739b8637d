using OrleansSessions.WebFrontend.Catalogue;

namespace OrleansSessions.WebFrontend.Checkout;

/// <summary>A placed order. It is kept in the session as JSON.</summary>
internal sealed record Order
{
    /// <summary>Made with the form that orders, so that a form sent twice orders once.</summary>
    public required Guid Id { get; init; }

    public required DateTimeOffset PlacedAt { get; init; }

    public required IReadOnlyList<OrderLine> Lines { get; init; }

    /// <summary>What all lines cost together.</summary>
    public Money Total() => Lines.Aggregate(default(Money), (sum, line) => sum + line.Total());

    /// <summary>The number that a customer may read out over the telephone.</summary>
    public string Number() => Id.ToString("N")[..8].ToUpperInvariant();
}
