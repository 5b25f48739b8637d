using Microsoft.AspNetCore.Http;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>Limit violation: the session would become larger than the cluster allows.</summary>
public sealed class SessionLimitException : SessionException
{
    internal SessionLimitException(LimitViolation violation)
        : base($"{violation} Nothing was stored.", StatusCodes.Status413PayloadTooLarge, "Session limit exceeded") => Violation = violation;

    /// <summary>The limit and the excessive value.</summary>
    public LimitViolation Violation { get; }
}
