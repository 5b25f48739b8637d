using OrleansSessions.Contracts;

namespace OrleansSessions.WebFrontend.Customers;

/// <summary>One of a customer's sessions, for display.</summary>
internal sealed record Device
{
    private const string Unknown = "Unknown device";

    public required string SessionKey { get; init; }

    /// <summary>The customer's label or, without one, the description that the browser sends.</summary>
    public required string Name { get; init; }

    /// <summary>What the browser says of itself, beside a label.</summary>
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
        return new Device
        {
            SessionKey = listed.SessionKey,
            Name = label ?? userAgent ?? Unknown,
            UserAgent = label is null ? null : userAgent,
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
