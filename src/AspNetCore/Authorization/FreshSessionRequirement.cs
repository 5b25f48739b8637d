using Microsoft.AspNetCore.Authorization;

namespace OrleansSessions.AspNetCore;

/// <summary>Requirement that the user has proved who they are a short while ago. See <see cref="FreshSessionExtensions.RequireFreshSession"/>.</summary>
public sealed class FreshSessionRequirement : IAuthorizationRequirement
{
    /// <summary>Creates the requirement.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive.</exception>
    public FreshSessionRequirement(TimeSpan maxAge)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maxAge, TimeSpan.Zero);
        MaxAge = maxAge;
    }

    /// <summary>How long ago the authentication may be.</summary>
    public TimeSpan MaxAge { get; }

    /// <inheritdoc />
    public override string ToString() => $"The user must have authenticated within the last {MaxAge}.";
}
