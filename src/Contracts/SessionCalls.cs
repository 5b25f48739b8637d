namespace OrleansSessions.Contracts;

/// <summary>Constants for calls of <see cref="ISessionGrain"/>.</summary>
internal static class SessionCalls
{
    /// <summary>
    /// Response timeout of one attempt. A call to a killed silo fails only after this time, so it bounds the cost of a killed silo; callers retry until their own
    /// deadline.
    /// </summary>
    public const string ResponseTimeout = "00:00:01";

    /// <summary>
    /// How long a silo waits for a session's grain to do what may take longer, such as running event handlers. The grain goes on after that. A silo that leaves waits for such
    /// calls, so a lost one must not last for Orleans' default of 30 s.
    /// </summary>
    public const string LongResponseTimeout = "00:00:03";
}
