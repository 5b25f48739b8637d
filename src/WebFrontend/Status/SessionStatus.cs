using OrleansSessions.AspNetCore;
using OrleansSessions.Contracts;
using OrleansSessions.WebFrontend.Sessions;

namespace OrleansSessions.WebFrontend.Status;

/// <summary>Content of the status bar on every page.</summary>
internal sealed record SessionStatus
{
    public required string Frontend { get; init; }

    /// <summary>Whether the page uses the session at all.</summary>
    public required bool Known { get; init; }

    /// <summary>The session's short id, or null if nothing is stored yet.</summary>
    public required string? Id { get; init; }

    public required string? Silo { get; init; }

    public required long Version { get; init; }

    /// <summary>Time since the session was created.</summary>
    public required TimeSpan Age { get; init; }

    /// <summary>Time until the session expires if it is not used again.</summary>
    public required TimeSpan Remaining { get; init; }

    /// <summary>Describes a request's session; pages that skip it (<see cref="SkipSessionAttribute"/>) have none.</summary>
    public static SessionStatus Of(HttpContext context, string frontend, DateTimeOffset now)
    {
        IOrleansSession? session = context.FindSession();
        bool exists = session is { Exists: true };
        return new SessionStatus
        {
            Frontend = frontend,
            Known = session is not null,
            Id = exists ? new SessionKey(session!.Id).Short : null,
            Silo = session?.Silo,
            Version = session?.Version ?? 0,
            Age = NotNegative(now - session?.CreatedAt),
            Remaining = NotNegative(session?.ExpiresAt - now),
        };
    }

    /// <summary>The clocks of frontends and silos may differ slightly.</summary>
    private static TimeSpan NotNegative(TimeSpan? time) => time > TimeSpan.Zero ? time.Value : TimeSpan.Zero;
}
