using System.Globalization;

namespace OrleansSessions.WebFrontend.Catalogue;

/// <summary>Amount in euros, exact to the cent.</summary>
/// <param name="Cents">The amount in cents.</param>
internal readonly record struct Money(long Cents)
{
    public static Money operator *(Money amount, int quantity) => new(amount.Cents * quantity);

    public static Money operator +(Money left, Money right) => new(left.Cents + right.Cents);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"€{Cents / 100m:N2}");
}
