using OrleansSessions.Contracts;

namespace OrleansSessions.WebFrontend.Customers;

/// <summary>One of a customer's sessions, for display.</summary>
internal sealed record Device
{
    private const string Unknown = "Unknown device";

    public required string SessionKey { get; init; }

    /// <summary>The customer's label or, without one, the browser's name.</summary>
    public required string Name { get; init; }

    /// <summary>What the browser says of itself, unless that is the name.</summary>
    public required string? UserAgent { get; init; }

    public required string Address { get; init; }

    public required DateTimeOffset SignedInAt { get; init; }

    public required DateTimeOffset LastUsedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required string Silo { get; init; }

    /// <summary>Whether it is the session of the request.</summary>
    public required bool IsCurrent { get; init; }

    /// <summary>Whether an administrator acts as the customer in it.</summary>
    public required bool IsImpersonation { get; init; }

    public static Device Of(UserSession listed, string currentKey)
    {
        SessionDescription session = listed.Description;
        string? label = session.Device?.Label;
        string? userAgent = session.Device?.UserAgent;
        string name = label ?? (userAgent is null ? Unknown : BrowserName.Of(userAgent) ?? userAgent);
        return new Device
        {
            SessionKey = listed.SessionKey,
            Name = name,
            UserAgent = name == userAgent ? null : userAgent,
            Address = session.Device?.Address ?? "unknown",
            SignedInAt = session.Identity?.SignedInAt ?? session.CreatedAt,
            LastUsedAt = session.LastUsedAt,
            ExpiresAt = session.ExpiresAt,
            Silo = session.Silo,
            IsImpersonation = session.Identity?.ImpersonatedBy is not null,
            IsCurrent = listed.SessionKey == currentKey,
        };
    }
}
