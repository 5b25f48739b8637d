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
/// connection is closed.
/// </summary>
internal sealed class CartHub(SessionClient sessions, ProductCatalogue catalogue, [FromKeyedServices(CartHub.Path)] OpenStreams streams) : Hub
{
    /// <summary>The endpoint's path.</summary>
    public const string Path = "/live-cart";

    /// <summary>Streams the number of items: now, and after each change of the session.</summary>
    public async IAsyncEnumerable<int> Count([EnumeratorCancellation] CancellationToken stop)
    {
        HttpContext request = Context.GetHttpContext() ?? throw new HubException("There is no request.");
        string key = request.Session.Id;
        if (!streams.TryOpen(key))
        {
            throw new HubException("There are too many connections.");
        }

        try
        {
            await foreach (SessionDescription now in request.WatchSessionAsync(stop))
            {
                // An open page is no use of the session.
                LoadResult found = await sessions.LoadAgainAsync(new SessionKey(key), touch: false, now.Incarnation, stop);
                if (found.Snapshot is { } session)
                {
                    yield return ShoppingCart.LinesOf(session.Entries, catalogue).Sum(static line => line.Quantity);
                }
            }
        }
        finally
        {
            streams.Close(key);
        }
    }
}
