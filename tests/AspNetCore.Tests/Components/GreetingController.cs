using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace OrleansSessions.AspNetCore.Tests.Components;

/// <summary>Actions that use TempData and the session as any MVC application does.</summary>
[Route("mvc")]
public sealed class GreetingController : Controller
{
    /// <summary>Sets TempData and redirects.</summary>
    [HttpPost("save")]
    public IActionResult Save(string text)
    {
        TempData["text"] = text;
        return RedirectToAction(nameof(Show));
    }

    /// <summary>Sets TempData and answers with a body.</summary>
    [HttpPost("keep")]
    public IActionResult Keep(string text)
    {
        TempData["text"] = text;
        return Content("kept");
    }

    /// <summary>Shows TempData, which removes it.</summary>
    [HttpGet("show")]
    public IActionResult Show() => Content((string?)TempData["text"] ?? "(none)");

    /// <summary>Counts visits with the framework's own session extensions.</summary>
    [HttpGet("visits")]
    public int Visits()
    {
        int visits = (HttpContext.Session.GetInt32("visits") ?? 0) + 1;
        HttpContext.Session.SetInt32("visits", visits);
        return visits;
    }
}
