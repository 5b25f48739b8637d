using OrleansSessions.LocalCluster.Demo;

namespace OrleansSessions.LocalCluster.Tests.Demo;

/// <summary>What a visitor notices of a shop that works, and of one that does not.</summary>
public sealed class VisitorTests : IDisposable
{
    private const int Requests = 200;

    private readonly ShopHandler _shop = new();
    private readonly Visitor _visitor;

    public VisitorTests() => _visitor = new Visitor(_shop, new Uri("http://shop.example"), seed: 1);

    public void Dispose()
    {
        _visitor.Dispose();
        _shop.Dispose();
    }

    [Fact]
    public async Task Shop_KeepsEverything_NothingIsLostAndCartsAreBought()
    {
        List<VisitorOutcome> outcomes = await ShopAsync();

        Assert.All(outcomes, static outcome => Assert.Equal(new VisitorOutcome(true, 0), outcome));
        Assert.True(_shop.Bought > 1);
    }

    [Fact]
    public async Task Shop_ForgetsAChange_ItIsMissedOnce()
    {
        await ShopAsync(until: () => _shop.Items >= 3);
        _shop.Forget();

        List<VisitorOutcome> outcomes = await ShopAsync();

        Assert.Equal(1, outcomes.Sum(static outcome => outcome.Lost));
    }

    [Fact]
    public async Task Shop_DoesAChangeTwice_ItIsNoticed()
    {
        await ShopAsync(until: () => _shop.Items >= 3);
        _shop.Repeat();

        List<VisitorOutcome> outcomes = await ShopAsync();

        Assert.Equal(1, outcomes.Sum(static outcome => outcome.Lost));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Shop_DoesNotAnswer_TheChangeMayBeStoredOrNot(bool isStored)
    {
        _shop.FailEvery(5, isStored);

        List<VisitorOutcome> outcomes = await ShopAsync();

        Assert.Contains(outcomes, static outcome => !outcome.Answered);
        Assert.Equal(0, outcomes.Sum(static outcome => outcome.Lost));
    }

    private async Task<List<VisitorOutcome>> ShopAsync(Func<bool>? until = null)
    {
        var outcomes = new List<VisitorOutcome>();
        while (until is null ? outcomes.Count < Requests : !until())
        {
            outcomes.Add(await _visitor.ActAsync(TestContext.Current.CancellationToken));
        }

        return outcomes;
    }
}
