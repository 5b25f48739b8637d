// ASP.NET Core Identity: its tickets and the session in the cluster. A sign-out holds on every frontend and for every copy of the cookie.
using Microsoft.AspNetCore.Identity;
using OrleansSessions.AspNetCore;
using OrleansSessions.MvcIdentity;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.AddOrleansSessionsClient();
builder.Services.AddOrleansSessions();

builder.Services.AddSingleton<IUserStore<IdentityUser>, UsersInMemory>();
builder.Services.AddIdentityCore<IdentityUser>().AddSignInManager();
builder.Services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
builder.Services.AddOrleansTicketStore(IdentityConstants.ApplicationScheme);
builder.Services.AddControllersWithViews();

WebApplication app = builder.Build();
app.UseRouting();
app.UseOrleansSessions();
app.UseAuthentication();
app.UseAuthorization();
app.MapControllerRoute("default", "{controller=Account}/{action=Index}");

app.Run();
