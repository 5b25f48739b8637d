using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using OrleansSessions.Administration;
using OrleansSessions.AspNetCore;
using OrleansSessions.WebFrontend.Administration;
using OrleansSessions.WebFrontend.Customers;

namespace OrleansSessions.WebFrontend.Pages.Console;

/// <summary>
/// Start of an administrator's acting as a customer. The console knows customers by keys, so the administrator gives the id, which also confirms that they mean this one.
/// The session in which they act has no content at first: the next request runs in that session and stores the customer's name.
/// </summary>
[Authorize(Policy = SessionPermissions.Act)]
internal sealed class ActAsModel(SessionAdministrator sessions, AdministratorSession own, IOrleansSession session, IDataProtectionProvider protection) : ShopPage
{
    private static readonly TimeSpan Handover = TimeSpan.FromMinutes(1);

    /// <summary>Protects the id on its way through the address, which is logged.</summary>
    private ITimeLimitedDataProtector Protector => protection.CreateProtector("OrleansSessions.WebFrontend.ActAs").ToTimeLimitedDataProtector();

    public IActionResult OnGet() => RedirectToPage("/Console/Index");

    public async Task<IActionResult> OnPostAsync([Required] string userKey, string? user, CancellationToken cancellationToken)
    {
        user = user?.Trim();
        if (!ModelState.IsValid || !SessionAdministrator.IsKey(userKey))
        {
            return NotFound();
        }

        if (string.IsNullOrEmpty(user) || sessions.KeyOf(user)?.Value != userKey)
        {
            return RedirectToPage("/Console/User", new { userKey, isOtherUser = true });
        }

        await own.ActAsAsync(HttpContext, User, user, cancellationToken);
        return RedirectToPage("/Console/ActAs", "Begin", new { name = Protector.Protect(user, Handover) });
    }

    public IActionResult OnGetBegin([Required] string name)
    {
        if (!ModelState.IsValid || Unprotect(name) is not { } user || session.Identity is not { ImpersonatedBy: not null } identity || identity.User != sessions.KeyOf(user)?.Value)
        {
            return RedirectToPage("/Console/Index");
        }

        session.SetString(Customer.EntryName, user);
        return RedirectToPage("/Index");
    }

    private string? Unprotect(string name)
    {
        try
        {
            return Protector.Unprotect(name);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
