using Microsoft.AspNetCore.Mvc.Testing;
using OrleansSessions.Testing;
using Xunit;

public sealed class CartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cart_IsKept_UntilTheSessionWasIdleForTwentyMinutes()
    {
        await using SessionTestCluster sessions = await SessionTestCluster.StartAsync(cancellationToken: Cancellation);
        await using WebApplicationFactory<Program> shop = new WebApplicationFactory<Program>().WithWebHostBuilder(sessions.Configure);
        using HttpClient browser = shop.CreateClient();
        await browser.PostAsync("/cart/apple", content: null, Cancellation);
        await browser.PostAsync("/cart/pear", content: null, Cancellation);

        Assert.Equal("""["apple","pear"]""", await browser.GetStringAsync("/cart", Cancellation));

        sessions.Clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal("[]", await browser.GetStringAsync("/cart", Cancellation));
    }
}
