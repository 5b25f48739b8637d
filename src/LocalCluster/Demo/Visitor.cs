using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace OrleansSessions.LocalCluster.Demo;

/// <summary>
/// Visitor of the shop with a cookie of its own. It adds products, looks at its cart, and compares every answer with the changes that were acknowledged before.
/// </summary>
internal sealed class Visitor : IDisposable
{
    /// <summary>A full cart is bought, and a new one begun.</summary>
    public const int FullCart = 12;

    private const string SessionPath = "/api/session";
    private const string EntryPrefix = "cart:";

    private static readonly string[] Products = ["arc-lamp", "stoneware-mug", "linen-notebook", "enamel-teapot", "fountain-pen", "beeswax-candle"];

    private readonly HttpClient _client;
    private readonly Random _random;

    /// <summary>The acknowledged quantities.</summary>
    private readonly Dictionary<string, long> _cart = [];

    /// <summary>Products for which a change was not answered: it may have been stored.</summary>
    private readonly HashSet<string> _unknown = [];

    /// <param name="handler">Sends the requests and keeps the cookies.</param>
    /// <param name="shop">The shop's address.</param>
    /// <param name="seed">Seed of its choices.</param>
    public Visitor(HttpMessageHandler handler, Uri shop, int seed)
    {
        _client = new HttpClient(handler) { BaseAddress = shop };
        _random = new Random(seed);
    }

    /// <summary>The number of items in its cart.</summary>
    public long Items => _cart.Values.Sum();

    /// <summary>The silo that has its session; null: not known.</summary>
    public string? Silo { get; private set; }

    /// <summary>The frontend that answered last.</summary>
    public string? Frontend { get; private set; }

    /// <summary>Makes the next request.</summary>
    public async Task<VisitorOutcome> ActAsync(CancellationToken cancellationToken)
    {
        try
        {
            return Items >= FullCart ? await BuyAsync(cancellationToken)
                : _random.Next(3) == 0 ? await LookAsync(cancellationToken)
                : await AddAsync(Products[_random.Next(Products.Length)], cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is HttpRequestException or JsonException or OperationCanceledException)
        {
            return default;
        }
    }

    /// <summary>Between half a second and one and a half.</summary>
    public TimeSpan Think() => TimeSpan.FromMilliseconds(_random.Next(500, 1_500));

    public void Dispose() => _client.Dispose();

    private async Task<VisitorOutcome> AddAsync(string product, CancellationToken cancellationToken)
    {
        bool wasUnknown = !_unknown.Add(product);
        using HttpResponseMessage response = await _client.PostAsync($"{SessionPath}/entries/{EntryPrefix}{product}/increment", content: null, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            return default;
        }

        CartChange changed = (await response.Content.ReadFromJsonAsync<CartChange>(cancellationToken))!;
        Frontend = FrontendOf(response);
        long lost = Check(product, changed.Value, _cart.GetValueOrDefault(product) + 1, wasUnknown);
        return new VisitorOutcome(true, lost);
    }

    private async Task<VisitorOutcome> LookAsync(CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _client.GetAsync(SessionPath, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            return default;
        }

        CartAnswer answer = (await response.Content.ReadFromJsonAsync<CartAnswer>(cancellationToken))!;
        (Frontend, Silo) = (answer.Frontend, answer.Silo);
        long lost = 0;
        foreach (string product in Products)
        {
            long there = answer.Entries.TryGetValue(EntryPrefix + product, out string? text) && long.TryParse(text, CultureInfo.InvariantCulture, out long quantity) ? quantity : 0;
            lost += Check(product, there, _cart.GetValueOrDefault(product), _unknown.Contains(product));
        }

        return new VisitorOutcome(true, lost);
    }

    private async Task<VisitorOutcome> BuyAsync(CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _client.DeleteAsync(SessionPath, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            return default;
        }

        (Frontend, Silo) = (FrontendOf(response), null);
        _cart.Clear();
        _unknown.Clear();
        return new VisitorOutcome(true, 0);
    }

    /// <summary>Compares a quantity with the expected one, which is exact unless a change was not answered. Then it may be larger.</summary>
    private long Check(string product, long there, long expected, bool mayBeMore)
    {
        _cart[product] = there;
        _unknown.Remove(product);
        return there < expected ? expected - there : there > expected && !mayBeMore ? there - expected : 0;
    }

    private static string? FrontendOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-Served-By", out IEnumerable<string>? names) ? names.FirstOrDefault() : null;
}
