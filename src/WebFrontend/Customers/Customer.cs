using Microsoft.Extensions.Options;
using OrleansSessions.AspNetCore;

namespace OrleansSessions.WebFrontend.Customers;

/// <summary>Name that the visitor gave. It is the shop's user id, and is not authenticated: visitors who give the same name are the same customer.</summary>
internal sealed class Customer(IOrleansSession session, IOptions<OrleansSessionOptions> options)
{
    /// <summary>Maximum length of a name, in characters.</summary>
    public const int MaxNameLength = 40;

    /// <summary>Maximum length of a device's label, in characters: the library's.</summary>
    public const int MaxLabelLength = 64;

    /// <summary>The session entry of the name. The session API does not change it: the name and the session's identity are one.</summary>
    public const string EntryName = "customer:name";

    /// <summary>The name, or null if the visitor has not signed in.</summary>
    public string? Name => session.GetString(EntryName);

    /// <summary>Whether the shop keeps lists of its customers' sessions.</summary>
    public bool IsListKept { get; } = KeepsLists(options.Value);

    /// <summary>Whether this session is in the customer's list.</summary>
    public bool IsListed => IsListKept && session.Identity is not null;

    /// <summary>Whether an administrator acts as the customer in this session.</summary>
    public bool IsActedAs => session.Identity?.ImpersonatedBy is not null;

    /// <summary>Whether a secret for the users' keys is configured. Without one, customers sign in and are not listed.</summary>
    public static bool KeepsLists(OrleansSessionOptions options) =>
        !string.IsNullOrEmpty(options.UserKeySecret) || !string.IsNullOrEmpty(options.UserKeySecretFile);

    /// <summary>
    /// Signs in and rotates the token, against session fixation: an attacker who planted the old token in the visitor's browser
    /// would otherwise be signed in too. The session's content stays.
    /// </summary>
    public Task SignInAsync(string name, string? label, CancellationToken cancellationToken)
    {
        session.SetString(EntryName, name);
        return IsListKept
            ? session.SignInAsync(name, new SignInOptions { Label = label }, cancellationToken)
            : session.RotateForSignInAsync(cancellationToken);
    }

    /// <summary>Signs out by destroying the session, for all frontends at once: a copied cookie becomes worthless.</summary>
    public Task SignOutAsync(CancellationToken cancellationToken) => session.SignOutAsync(cancellationToken);
}
