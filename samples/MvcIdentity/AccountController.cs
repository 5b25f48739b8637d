using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using OrleansSessions.AspNetCore;

namespace OrleansSessions.MvcIdentity;

[AutoValidateAntiforgeryToken]
public sealed class AccountController(UserManager<IdentityUser> users, SignInManager<IdentityUser> signIn) : Controller
{
    [HttpGet]
    public async Task<IActionResult> Index() => View(await HttpContext.GetOrleansSession().IncrementAsync("visits"));

    [HttpPost]
    public async Task<IActionResult> Register(string name, string password)
    {
        IdentityResult created = await users.CreateAsync(new IdentityUser(name), password);
        return created.Succeeded ? await SignIn(name, password) : BadRequest(created.ToString());
    }

    [HttpPost]
    public async Task<IActionResult> SignIn(string name, string password)
    {
        Microsoft.AspNetCore.Identity.SignInResult result = await signIn.PasswordSignInAsync(name, password, isPersistent: false, lockoutOnFailure: true);
        if (!result.Succeeded)
        {
            return Unauthorized();
        }

        // The visitor's entries stay, under a new token, to prevent session fixation.
        await HttpContext.GetOrleansSession().RotateAsync();
        return RedirectToAction(nameof(Index));
    }

    [HttpPost]
    public async Task<IActionResult> Leave()
    {
        await signIn.SignOutAsync();
        await HttpContext.GetOrleansSession().DestroyAsync();
        return RedirectToAction(nameof(Index));
    }
}
