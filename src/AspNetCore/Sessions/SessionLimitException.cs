using Microsoft.AspNetCore.Http;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>The session would become larger than the cluster allows.</summary>
public sealed class SessionLimitException : SessionException
{
    internal SessionLimitException(LimitViolation violation)
        : base($"{violation} Nothing was stored.", StatusCodes.Status413PayloadTooLarge, "Session limit exceeded") => Violation = violation;

    /// <summary>Which limit, and by how much.</summary>
    public LimitViolation Violation { get; }
}
