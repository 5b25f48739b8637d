using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using OrleansSessions.Administration;
using OrleansSessions.WebFrontend.Administration;

namespace OrleansSessions.WebFrontend.Pages.Console;

/// <summary>Sign-in of administrators, with their key. The number of attempts is limited.</summary>
[EnableRateLimiting(ConsoleExtensions.SignInLimit)]
internal sealed partial class SignInModel(ISessionAdministrators administrators, ILogger<SignInModel> logger) : ConsolePage
{
    [BindProperty]
    [Required(ErrorMessage = "Please give your key.")]
    public string Key { get; set; } = "";

    public async Task<IActionResult> OnPostAsync()
    {
        if (ModelState.IsValid && administrators.Find(Key, ConsoleSignIn.Scheme) is { } found)
        {
            await ConsoleSignIn.SignInAsync(HttpContext, found);
            return RedirectToPage("/Console/Index");
        }

        if (ModelState.IsValid)
        {
            LogRefused(logger, HttpContext.Connection.RemoteIpAddress);
            ModelState.AddModelError(nameof(Key), "No administrator has this key.");
        }

        return Page();
    }

    [LoggerMessage(2, LogLevel.Warning, "Refused a sign-in to the console from {Address}: no administrator has the key.")]
    private static partial void LogRefused(ILogger logger, IPAddress? address);
}
