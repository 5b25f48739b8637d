using System.Buffers.Text;
using OrleansSessions.AspNetCore;
using OrleansSessions.Contracts;
using OrleansSessions.WebFrontend.Catalogue;
using OrleansSessions.WebFrontend.Sessions;

namespace OrleansSessions.WebFrontend.Cart;

/// <summary>The cart of the current session.</summary>
/// <remarks>
/// Each line is a session entry of its own, <c>cart:&lt;sku&gt;</c>, and its value is the quantity. One entry for the whole cart would be
/// simpler and wrong: two requests at a time (two tabs, a double click, a slow phone) would each read it, change their line and write it back,
/// and the later one would undo the other's change. With an entry per line, requests that change different lines never meet, and each kind of
/// change to the same line says what it means:
/// <list type="bullet">
/// <item>adding depends on what is there, so it is an atomic update: two parallel clicks on "Add" add two, and the maximum holds;</item>
/// <item>setting a quantity and removing do not depend on it: the customer's last word counts;</item>
/// <item>emptying removes the lines that the customer saw, in one commit: a line that is being added in another tab stays.</item>
/// </list>
/// </remarks>
internal sealed class ShoppingCart(IOrleansSession session, ProductCatalogue catalogue)
{
    /// <summary>The most pieces of one product.</summary>
    public const int MaxQuantity = 20;

    private const string EntryPrefix = "cart:";

    /// <summary>The lines, in the order in which they were put in.</summary>
    public IReadOnlyList<CartLine> Lines =>
        [.. from entry in session.GetEntries()
            let line = ReadLine(entry)
            where line is not null
            select line];

    /// <summary>The number of pieces.</summary>
    public int Count => Lines.Sum(line => line.Quantity);

    /// <summary>What all lines cost together.</summary>
    public Money Total => Lines.Aggregate(default(Money), (sum, line) => sum + line.Total);

    /// <summary>Adds pieces of a product, up to <see cref="MaxQuantity"/> in all.</summary>
    /// <returns>How many are in the cart now.</returns>
    public Task<int> AddAsync(Product product, int quantity, CancellationToken cancellationToken)
    {
        string name = EntryName(product);
        session.GetOrRemove<int>(name);
        return session.UpdateAsync<int>(name, present => Math.Min(Math.Clamp(present, 0, MaxQuantity) + quantity, MaxQuantity), cancellationToken);
    }

    /// <summary>Sets the number of pieces of a product; 0 removes it.</summary>
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

    /// <summary>Takes a product out of the cart.</summary>
    public void Remove(Product product) => session.Remove(EntryName(product));

    /// <summary>Takes out every line that this request sees.</summary>
    public void Empty()
    {
        foreach (CartLine line in Lines)
        {
            Remove(line.Product);
        }
    }

    private static string EntryName(Product product) => EntryPrefix + product.Sku;

    /// <summary>Reads what this class has written; anything else under such a name (the API can write it) is not a line.</summary>
    private CartLine? ReadLine(SessionEntry entry) =>
        entry.Name.StartsWith(EntryPrefix, StringComparison.Ordinal)
        && catalogue.Find(entry.Name[EntryPrefix.Length..]) is { } product
        && Utf8Parser.TryParse(entry.Value, out int quantity, out int consumed)
        && consumed == entry.Value.Length
        && quantity > 0
            ? new CartLine(product, Math.Min(quantity, MaxQuantity))
            : null;
}
