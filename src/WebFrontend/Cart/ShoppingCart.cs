using System.Buffers.Text;
using OrleansSessions.AspNetCore;
using OrleansSessions.Contracts;
using OrleansSessions.WebFrontend.Catalogue;
using OrleansSessions.WebFrontend.Sessions;

namespace OrleansSessions.WebFrontend.Cart;

/// <summary>Cart of the current session.</summary>
/// <remarks>
/// Each line is its own session entry, <c>cart:&lt;sku&gt;</c>, with the quantity as its value. One entry for the whole cart would lose updates: two concurrent
/// requests (two tabs, a double click, a slow phone) would each read it, change their line and write it back, and the later one would undo the other's change.
/// With one entry per line, requests that change different lines never conflict. Changes to the same line work as follows:
/// <list type="bullet">
/// <item>adding depends on the current quantity, so it is an atomic update: two parallel clicks on "Add" add two, and the maximum holds;</item>
/// <item>setting a quantity and removing do not depend on it: the last change wins;</item>
/// <item>emptying removes the lines that the customer saw, in one commit: a line added concurrently in another tab stays.</item>
/// </list>
/// </remarks>
internal sealed class ShoppingCart(IOrleansSession session, ProductCatalogue catalogue)
{
    /// <summary>Maximum quantity of one product.</summary>
    public const int MaxQuantity = 20;

    private const string EntryPrefix = "cart:";

    /// <summary>The lines, in the order in which they were added.</summary>
    public IReadOnlyList<CartLine> Lines => LinesOf(session.GetEntries(), catalogue);

    /// <summary>The total quantity.</summary>
    public int Count => Lines.Sum(line => line.Quantity);

    /// <summary>The total price.</summary>
    public Money Total => Lines.Aggregate(default(Money), (sum, line) => sum + line.Total);

    /// <summary>The lines among a session's entries.</summary>
    public static IReadOnlyList<CartLine> LinesOf(IEnumerable<SessionEntry> entries, ProductCatalogue catalogue) =>
        [.. from entry in entries
            let line = ReadLine(entry, catalogue)
            where line is not null
            select line];

    /// <summary>Adds a quantity of a product, up to <see cref="MaxQuantity"/> in all.</summary>
    /// <returns>The new quantity.</returns>
    public Task<int> AddAsync(Product product, int quantity, CancellationToken cancellationToken)
    {
        string name = EntryName(product);
        session.GetOrRemove<int>(name);
        return session.UpdateAsync<int>(name, present => Math.Min(Math.Clamp(present, 0, MaxQuantity) + quantity, MaxQuantity), cancellationToken);
    }

    /// <summary>Sets the quantity of a product; 0 removes it.</summary>
    public void SetQuantity(Product product, int quantity)
    {
        if (quantity <= 0)
        {
            Remove(product);
        }
        else
        {
            session.Set(EntryName(product), Math.Min(quantity, MaxQuantity));
        }
    }

    /// <summary>Removes a product from the cart.</summary>
    public void Remove(Product product) => session.Remove(EntryName(product));

    /// <summary>Removes every line that this request sees.</summary>
    public void Empty()
    {
        foreach (CartLine line in Lines)
        {
            Remove(line.Product);
        }
    }

    private static string EntryName(Product product) => EntryPrefix + product.Sku;

    /// <summary>Reads a line written by this class. Other values under such a name, which the API can write, are not lines.</summary>
    private static CartLine? ReadLine(SessionEntry entry, ProductCatalogue catalogue) =>
        entry.Name.StartsWith(EntryPrefix, StringComparison.Ordinal)
        && catalogue.Find(entry.Name[EntryPrefix.Length..]) is { } product
        && Utf8Parser.TryParse(entry.Value, out int quantity, out int consumed)
        && consumed == entry.Value.Length
        && quantity > 0
            ? new CartLine(product, Math.Min(quantity, MaxQuantity))
            : null;
}
