using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Sessions;

/// <summary>Entries that hold an application's types as JSON.</summary>
public sealed class TypedValueTests(SessionCluster cluster)
{
    [Fact]
    public async Task TypedValue_Set_IsRead()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();
        var cart = new Cart("Ada", [new Line("tea", 2), new Line("grüner Tee", 1)]);

        await lab.RunAsync(browser, session =>
        {
            session.Set("cart", cart);
            Assert.Equivalent(cart, session.Get<Cart>("cart"));
            session.Set("number", 42L);
        });

        await lab.RunAsync(browser, session =>
        {
            Assert.Equivalent(cart, session.Get<Cart>("cart"));
            Assert.Equal(42L, session.Get<long>("number"));
            Assert.Equal(EntryFormat.Json, session.GetEntry("cart")!.Format);
        });
    }

    [Fact]
    public async Task TypedValue_Absent_IsTheTypesDefault()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, session =>
        {
            Assert.Null(session.Get<Cart>("cart"));
            Assert.Equal(0, session.Get<int>("number"));
            Assert.Null(session.Get<int?>("number"));
        });
    }

    [Fact]
    public async Task TypedValue_OfAnEntryThatIsNoJson_ThrowsNamingEntryAndType()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, session =>
        {
            session.SetString("text", "not JSON");
            SessionEntryException exception = Assert.Throws<SessionEntryException>(() => session.Get<Cart>("text"));
            Assert.Contains("'text'", exception.Message, StringComparison.Ordinal);
            Assert.Contains(nameof(Cart), exception.Message, StringComparison.Ordinal);
            Assert.IsType<JsonException>(exception.InnerException, exactMatch: false);
        });
    }

    private sealed record Line(string Product, int Quantity);

    private sealed record Cart(string Customer, IReadOnlyList<Line> Lines);
}
