using OrleansSessions.AspNetCore;

namespace OrleansSessions.WebFrontend.Customers;

/// <summary>Name that the visitor gave. It is used for the greeting and is not authenticated.</summary>
internal sealed class Customer(IOrleansSession session)
{
    /// <summary>Maximum length of a name, in characters.</summary>
    public const int MaxNameLength = 40;

    private const string EntryName = "customer:name";

    /// <summary>The name, or null if the visitor has not signed in.</summary>
    public string? Name => session.GetString(EntryName);

    /// <summary>
    /// Signs in and rotates the token, against session fixation: an attacker who planted the old token in the visitor's browser
    /// would otherwise be signed in too. The session's content stays.
    /// </summary>
    public async Task SignInAsync(string name, CancellationToken cancellationToken)
    {
        session.SetString(EntryName, name);
        await session.RotateAsync(cancellationToken);
    }

    /// <summary>Signs out by destroying the session, for all frontends at once: a copied cookie becomes worthless.</summary>
    public Task SignOutAsync(CancellationToken cancellationToken) => session.DestroyAsync(cancellationToken);
}
