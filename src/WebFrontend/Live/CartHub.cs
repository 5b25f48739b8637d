using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;
using OrleansSessions.AspNetCore;
using OrleansSessions.Client;
using OrleansSessions.Contracts;
using OrleansSessions.WebFrontend.Cart;
using OrleansSessions.WebFrontend.Catalogue;

namespace OrleansSessions.WebFrontend.Live;

/// <summary>
/// SignalR hub that tells an open page how many items are in the cart, whichever tab or frontend changes it. Its endpoint is bound to the session: when that ends, the
/// connection is closed. Connections of other origins, and more than <see cref="OpenStreams"/> allows, are closed at once.
/// </summary>
internal sealed class CartHub(SessionClient sessions, ProductCatalogue catalogue, [FromKeyedServices(CartHub.Path)] OpenStreams connections) : Hub
{
    /// <summary>The endpoint's path.</summary>
    public const string Path = "/live-cart";

    private const string CountedKey = "counted";

    private HttpContext Request => Context.GetHttpContext() ?? throw new HubException("There is no request.");

    public override Task OnConnectedAsync()
    {
        HttpContext request = Request;
        if (IsOfThisShop(request.Request) && connections.TryOpen(request.Session.Id))
        {
            Context.Items[CountedKey] = request.Session.Id;
        }
        else
        {
            Context.Abort();
        }

        return Task.CompletedTask;
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        if (Context.Items.TryGetValue(CountedKey, out object? key))
        {
            connections.Close((string)key!);
        }

        return Task.CompletedTask;
    }

    /// <summary>Streams the number of items: now, and after each change of the session.</summary>
    public async IAsyncEnumerable<int> Count([EnumeratorCancellation] CancellationToken stop)
    {
        HttpContext request = Request;
        SessionKey key = new(request.Session.Id);
        await foreach (SessionDescription now in request.WatchSessionAsync(stop))
        {
            // An open page is no use of the session.
            LoadResult found = await sessions.LoadAgainAsync(key, touch: false, now.Incarnation, stop);
            if (found.Snapshot is { } session)
            {
                yield return ShoppingCart.LinesOf(session.Entries, catalogue).Sum(static line => line.Quantity);
            }
        }
    }

    /// <summary>Browsers let the pages of any origin open WebSockets, with the cookies of a same site.</summary>
    private static bool IsOfThisShop(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Origin, UriKind.Absolute, out Uri? origin)
        && origin.Authority == new UriBuilder(origin.Scheme, request.Host.Host, request.Host.Port ?? -1).Uri.Authority;
}
