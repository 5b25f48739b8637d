using OrleansSessions.AspNetCore;
using OrleansSessions.WebFrontend.Cart;
using OrleansSessions.WebFrontend.Sessions;

namespace OrleansSessions.WebFrontend.Checkout;

/// <summary>Order service: places orders and remembers the session's last one.</summary>
internal sealed class OrderBook(IOrleansSession session, ShoppingCart cart, TimeProvider time)
{
    private const string EntryName = "order:last";

    /// <summary>The last order of this session, or null.</summary>
    public Order? Last => session.GetOrRemove<Order>(EntryName);

    /// <summary>
    /// Orders the content of the cart and empties it. A form that arrives twice, even at two frontends at once, orders once: of two atomic updates with the same
    /// id, the second finds the first one's order and keeps it.
    /// </summary>
    /// <returns>The order, or null if there is nothing to order.</returns>
    public async Task<Order?> PlaceAsync(Guid id, CancellationToken cancellationToken)
    {
        var order = new Order
        {
            Id = id,
            PlacedAt = time.GetUtcNow(),
            Lines = [.. cart.Lines.Select(line => new OrderLine(line.Product.Sku, line.Product.Name, line.Product.Price, line.Quantity))],
        };
        Order? before = Last;
        if (order.Lines.Count == 0)
        {
            return before?.Id == id ? before : null;
        }

        Order placed = await session.UpdateAsync<Order>(EntryName, last => last?.Id == id ? last : order, cancellationToken);

        // The response's commit removes the lines. If it fails, the cart is still full, and sending the form again returns the same order.
        cart.Empty();
        return placed;
    }
}
