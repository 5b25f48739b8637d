using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using OrleansSessions.AspNetCore;
using OrleansSessions.Contracts;
using OrleansSessions.WebFrontend.Customers;

namespace OrleansSessions.WebFrontend.Pages;

/// <summary>Page of the customer's sessions, which can be signed out from here.</summary>
internal sealed class DevicesModel(Customer customer, IOrleansSession session, IUserSessions sessions) : ShopPage
{
    private const int PageSize = 20;

    public IReadOnlyList<Device> Devices { get; private set; } = [];

    public bool IsFirstPage { get; private set; }

    /// <summary>The cursor of the next page; 0: this is the last one.</summary>
    public long NextCursor { get; private set; }

    public async Task<IActionResult> OnGetAsync([Range(0, long.MaxValue)] long cursor, CancellationToken cancellationToken)
    {
        if (customer.Name is not { } name)
        {
            return RedirectToPage("/SignIn");
        }

        if (!ModelState.IsValid)
        {
            return BadRequest();
        }

        if (customer.IsListed)
        {
            UserSessionPage page = await sessions.ListAsync(name, cursor, PageSize, cancellationToken);
            Devices = [.. page.Sessions.Select(listed => Device.Of(listed, session.Id))];
            NextCursor = page.Cursor;
        }

        IsFirstPage = cursor == 0;
        return Page();
    }

    public async Task<IActionResult> OnPostEndAsync([Required] string key, CancellationToken cancellationToken)
    {
        if (Refuse() is { } refusal)
        {
            return refusal;
        }

        if (key == session.Id)
        {
            return await SignOutAsync(cancellationToken);
        }

        bool ended = await sessions.EndAsync(customer.Name!, key, actor: SessionActor.Session(session.Id), cancellationToken: cancellationToken);
        Notify(ended ? "That device is signed out." : "That device was signed out already.");
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostEndOthersAsync(CancellationToken cancellationToken)
    {
        if (Refuse() is { } refusal)
        {
            return refusal;
        }

        await EndOthersAsync(cancellationToken);
        Notify("You are signed out everywhere else.");
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostEndAllAsync(CancellationToken cancellationToken)
    {
        if (Refuse() is { } refusal)
        {
            return refusal;
        }

        // This session last: if that fails, the customer can still see it and try again.
        await EndOthersAsync(cancellationToken);
        return await SignOutAsync(cancellationToken);
    }

    /// <summary>The answer to a form that no longer applies, because the visitor has signed out or signs in anew; null: it applies.</summary>
    private IActionResult? Refuse() =>
        !customer.IsListed || customer.Name is null ? RedirectToPage("/SignIn")
        : !ModelState.IsValid ? BadRequest()
        : null;

    private Task EndOthersAsync(CancellationToken cancellationToken) =>
        sessions.EndAllAsync(customer.Name!, except: session.Id, actor: SessionActor.Session(session.Id), cancellationToken: cancellationToken);

    private async Task<IActionResult> SignOutAsync(CancellationToken cancellationToken)
    {
        await customer.SignOutAsync(cancellationToken);
        return RedirectToPage("/SignOut");
    }
}
