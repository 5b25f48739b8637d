using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using OrleansSessions.Client;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <inheritdoc />
internal sealed class EndingTickets(
    IEnumerable<TicketScheme> schemes,
    IOptionsMonitor<OrleansTicketStoreOptions> options,
    IOptionsMonitor<CookieAuthenticationOptions> cookies,
    IDataProtectionProvider protection,
    IOptions<OrleansSessionOptions> sessions,
    SessionClient client)
    : IEndingTickets
{
    private readonly string _namespace = sessions.Value.Namespace + StoredTickets.NamespaceSuffix;

    public bool AreWanted => schemes.Any(scheme => options.Get(scheme.Name).EndedElsewhere is not null);

    public async ValueTask<Action?> FindAsync(SessionKey key, SessionDescription session, CancellationToken cancellationToken)
    {
        if (session.Namespace != _namespace)
        {
            return null;
        }

        LoadResult result = await client.LoadAgainAsync(key, touch: false, session.Incarnation, cancellationToken);
        return result.Snapshot?.Entries.FirstOrDefault(static entry => entry.Name == StoredTickets.EntryName) is { } entry ? SequelOf(key, entry.Value) : null;
    }

    /// <summary>A ticket is protected for its scheme, so only that one can read it.</summary>
    private Action? SequelOf(SessionKey key, byte[] bytes)
    {
        foreach (TicketScheme scheme in schemes)
        {
            if (options.Get(scheme.Name).EndedElsewhere is { } ended
                && ProtectedTickets.Create(scheme.Name, cookies.Get(scheme.Name), protection).Unprotect(key, bytes) is { } ticket)
            {
                return () => ended(ticket);
            }
        }

        return null;
    }
}
