namespace OrleansSessions.Contracts;

/// <summary>
/// Grain that lists the cluster's sessions, for administrators. It reads every stored session, page by page, and activates each. Any grain key works.
/// </summary>
[Alias("session-list")]
public interface ISessionListGrain : IGrainWithIntegerKey
{
    /// <summary>Maximum page size.</summary>
    const int MaxPage = 1_000;

    /// <summary>
    /// Returns the next page. A session that exists during the whole listing is listed at least once.
    /// </summary>
    /// <param name="sessionNamespace">The namespace to list.</param>
    /// <param name="cursor">0 to start, then <see cref="SessionListPage.Cursor"/>.</param>
    /// <param name="count">The approximate number of stored sessions to read, 1 to <see cref="MaxPage"/>; sessions of other namespaces count.</param>
    /// <exception cref="SessionUnavailableException">Redis can't be reached.</exception>
    [Alias("list")]
    ValueTask<SessionListPage> ListAsync(string sessionNamespace, long cursor, int count);
}
