namespace OrleansSessions.Contracts;

/// <summary>Constants of the calls to <see cref="ISessionGrain"/>.</summary>
internal static class SessionCalls
{
    /// <summary>
    /// How long one attempt waits for its answer. A call to a silo that was killed is only given up after this time, so it bounds
    /// what a killed silo costs; callers repeat until their own deadline.
    /// </summary>
    public const string ResponseTimeout = "00:00:01";
}
