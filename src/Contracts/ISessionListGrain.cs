namespace OrleansSessions.Contracts;

/// <summary>
/// Lists the sessions of the cluster, for administrators: it looks at every session that is stored, a page at a time, and activates each.
/// Any key will do.
/// </summary>
[Alias("session-list")]
public interface ISessionListGrain : IGrainWithIntegerKey
{
    /// <summary>The longest page.</summary>
    const int MaxPage = 1_000;

    /// <summary>
    /// The next page. A session that lives during the whole listing is listed, perhaps more than once.
    /// </summary>
    /// <param name="sessionNamespace">The namespace to list.</param>
    /// <param name="cursor">0 to begin with, and then <see cref="SessionListPage.Cursor"/>.</param>
    /// <param name="count">About how many stored sessions to look at, 1 to <see cref="MaxPage"/>; those of other namespaces count.</param>
    /// <exception cref="SessionUnavailableException">Redis can't be reached.</exception>
    [Alias("list")]
    ValueTask<SessionListPage> ListAsync(string sessionNamespace, long cursor, int count);
}
