using OrleansSessions.AspNetCore;

namespace OrleansSessions.WebFrontend.Customers;

/// <summary>Who the visitor says that they are. A name for the greeting, not an identity: nothing is checked.</summary>
internal sealed class Customer(IOrleansSession session)
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 40;

    private const string EntryName = "customer:name";

    /// <summary>The name, or null if nobody signed in.</summary>
    public string? Name => session.GetString(EntryName);

    /// <summary>
    /// Signs in, and moves the session to a new token. Whoever knew the old one, say because he planted it in the visitor's browser, would
    /// otherwise be signed in with it too: session fixation. Cart and all else move along.
    /// </summary>
    public async Task SignInAsync(string name, CancellationToken cancellationToken)
    {
        session.SetString(EntryName, name);
        await session.RotateAsync(cancellationToken);
    }

    /// <summary>Signs out by destroying the session, on every frontend at once: a cookie that somebody copied is worth nothing from then on.</summary>
    public Task SignOutAsync(CancellationToken cancellationToken) => session.DestroyAsync(cancellationToken);
}
