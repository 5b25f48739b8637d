namespace OrleansSessions.Contracts;

/// <summary>Grain that counts the cluster's sessions, for administrators. Any grain key works.</summary>
[Alias("session-statistics")]
public interface ISessionStatisticsGrain : IGrainWithStringKey
{
    /// <summary>Asks each silo and Redis.</summary>
    /// <exception cref="SessionUnavailableException">Redis can't be reached.</exception>
    [Alias("count"), ResponseTimeout(SessionCalls.LongResponseTimeout)]
    ValueTask<SessionStatistics> CountAsync();
}
