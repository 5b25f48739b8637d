namespace OrleansSessions.Contracts;

/// <summary>Grain that reads the cluster's audit trail, for administrators. Any grain key works.</summary>
[Alias("session-audit")]
public interface ISessionAuditGrain : IGrainWithStringKey
{
    /// <summary>Maximum page size.</summary>
    const int MaxPage = 1_000;

    /// <summary>Returns the latest events.</summary>
    /// <param name="count">The maximum number, 1 to <see cref="MaxPage"/>.</param>
    /// <exception cref="SessionUnavailableException">Redis can't be reached.</exception>
    [Alias("latest"), ResponseTimeout(SessionCalls.LongResponseTimeout)]
    ValueTask<AuditPage> LatestAsync(int count);

    /// <summary>Returns the events after another one.</summary>
    /// <param name="cursor"><see cref="AuditPage.Cursor"/>.</param>
    /// <param name="count">The maximum number, 1 to <see cref="MaxPage"/>.</param>
    /// <exception cref="ArgumentException">The cursor is not one of this trail.</exception>
    /// <exception cref="SessionUnavailableException">Redis can't be reached.</exception>
    [Alias("after"), ResponseTimeout(SessionCalls.LongResponseTimeout)]
    ValueTask<AuditPage> AfterAsync(string cursor, int count);
}
