using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>Options of acting as a user.</summary>
public sealed class ImpersonationOptions
{
    /// <summary>
    /// The authorization policy that an administrator must meet to act as a user. Its resource is the request's <c>HttpContext</c>. Default: null, nobody may.
    /// </summary>
    public string? Policy { get; set; }

    /// <summary>An impersonation ends after this time, used or not. Default: 30 minutes; 1 second to 8 hours, <see cref="SessionSignIn.MaxImpersonation"/>.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(30);
}
