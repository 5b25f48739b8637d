using Microsoft.AspNetCore.Mvc;
using OrleansSessions.Administration;
using OrleansSessions.Contracts;
using OrleansSessions.ServiceDefaults.Dashboard;
using OrleansSessions.WebFrontend.Administration;

namespace OrleansSessions.WebFrontend.Pages.Console;

/// <summary>Overview: counts, sessions of each silo, search for a user, and the latest of the audit trail.</summary>
internal sealed class IndexModel(SessionAdministrator sessions, IConfiguration configuration) : ConsolePage
{
    private const int LatestEvents = 25;

    public SessionStatistics Counts { get; private set; } = null!;

    /// <summary>The latest events, the latest first.</summary>
    public IReadOnlyList<AuditLineView> Events { get; private set; } = [];

    /// <summary>Whether the cluster keeps a trail.</summary>
    public bool IsTrailKept { get; private set; }

    public bool FindsUsers => sessions.FindsUsers;

    /// <summary>Whether there is Orleans' dashboard too.</summary>
    public bool HasDashboard => configuration.HasDashboard();

    public long InMemory => Counts.Silos.Sum(static silo => silo.InMemory);

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Counts = await sessions.CountAsync(cancellationToken);
        AuditPage trail = await sessions.LatestAuditAsync(LatestEvents, cancellationToken);
        IsTrailKept = trail.IsKept;
        Events = [.. trail.Events.Reverse().Select(AuditLineView.Of)];
    }

    /// <summary>Finds a user. By POST, because addresses of pages are logged, and a user id must not be.</summary>
    public IActionResult OnPostFind(string? user)
    {
        user = user?.Trim();
        string? key = string.IsNullOrEmpty(user) ? null : SessionAdministrator.IsKey(user) ? user : sessions.KeyOf(user)?.Value;
        return key is null ? RedirectToPage() : RedirectToPage("/Console/User", new { userKey = key });
    }
}
