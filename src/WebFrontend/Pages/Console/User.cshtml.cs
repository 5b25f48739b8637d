using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using OrleansSessions.Administration;
using OrleansSessions.Contracts;
using OrleansSessions.WebFrontend.Customers;

namespace OrleansSessions.WebFrontend.Pages.Console;

/// <summary>Sessions of one user, which can be ended from here.</summary>
internal sealed class UserModel(SessionAdministrator sessions) : ConsolePage
{
    private const int PageSize = 20;

    [BindProperty(SupportsGet = true)]
    public string UserKey { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    [Range(0, long.MaxValue)]
    public long Cursor { get; set; }

    public IReadOnlyList<Device> Sessions { get; private set; } = [];

    /// <summary>The cursor of the next page; 0: this is the last one.</summary>
    public long NextCursor { get; private set; }

    /// <summary>Whether the id given to act as the user was another one's.</summary>
    [BindProperty(SupportsGet = true)]
    public bool IsOtherUser { get; set; }

    public bool MayAct => sessions.FindsUsers && User.HasClaim(SessionPermissions.ClaimType, SessionPermissions.Act);

    public bool MayEnd => User.HasClaim(SessionPermissions.ClaimType, SessionPermissions.End);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!ModelState.IsValid || !SessionAdministrator.IsKey(UserKey))
        {
            return NotFound();
        }

        UserSessionPage page = await sessions.ListAsync(new UserKey(UserKey), Cursor, PageSize, cancellationToken);
        Sessions = [.. page.Sessions.Select(static listed => Device.Of(listed, currentKey: ""))];
        NextCursor = page.Cursor;
        return Page();
    }

    public async Task<IActionResult> OnPostEndAsync([Required] string key, CancellationToken cancellationToken)
    {
        if (Refuse() is { } refusal)
        {
            return refusal;
        }

        bool ended = SessionAdministrator.IsKey(key) && await sessions.EndAsync(new SessionKey(key), Administrator, cancellationToken);
        return RedirectToPage(new { UserKey, ended = ended ? 1 : 0 });
    }

    public async Task<IActionResult> OnPostEndAllAsync(CancellationToken cancellationToken)
    {
        if (Refuse() is { } refusal)
        {
            return refusal;
        }

        int ended = await sessions.EndAllAsync(new UserKey(UserKey), except: null, tag: null, Administrator, cancellationToken);
        return RedirectToPage(new { UserKey, ended });
    }

    /// <summary>The answer to an administrator who may not end sessions, or to a request that makes no sense; null: neither.</summary>
    private IActionResult? Refuse() => !MayEnd ? Forbid() : !ModelState.IsValid || !SessionAdministrator.IsKey(UserKey) ? NotFound() : null;
}
