using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrleansSessions.AspNetCore;

namespace OrleansSessions.WebFrontend.Pages;

/// <summary>Error page. It skips the session, because it must work when the session does not.</summary>
[SkipSession]
[IgnoreAntiforgeryToken]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
internal sealed class ErrorModel : PageModel
{
    /// <summary>The status of the response that failed.</summary>
    public int Status => Response.StatusCode;

    public string Headline => Status switch
    {
        StatusCodes.Status404NotFound => "There is nothing here",
        StatusCodes.Status409Conflict => "Something changed in the meantime",
        StatusCodes.Status413PayloadTooLarge => "That is too much",
        StatusCodes.Status429TooManyRequests => "Too many attempts",
        StatusCodes.Status503ServiceUnavailable => "Your cart is safe",
        >= 500 => "Something went wrong on our side",
        _ => "That did not work",
    };

    public string Advice => Status switch
    {
        StatusCodes.Status404NotFound => "The address may be mistyped, or the page has moved.",
        StatusCodes.Status409Conflict => "You signed in or out in another window while this request was under way. Nothing was changed; go back and try again.",
        StatusCodes.Status413PayloadTooLarge => "The session cannot hold any more. Nothing was changed; take something out and try again.",
        StatusCodes.Status429TooManyRequests => "Wait a minute, and try again.",
        StatusCodes.Status503ServiceUnavailable => "We cannot reach it right now, so your last change may be missing. Try again in a moment.",
        >= 500 => "It is not your fault, and it has been noted. Try again in a moment.",
        _ => "The form may have been open for too long. Go back, reload the page and try again.",
    };

    public void OnGet()
    {
        // The page was opened by its URL, not in place of a failed response.
        if (Response.StatusCode == StatusCodes.Status200OK)
        {
            Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }
}
