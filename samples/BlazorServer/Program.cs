// Blazor on the server. A page that is rendered for a request reads and writes the session; it passes the values that it needs interactively as parameters.
using OrleansSessions.AspNetCore;
using OrleansSessions.BlazorServer.Components;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.AddOrleansSessionsClient();
builder.Services.AddOrleansSessions();
builder.Services.AddRazorComponents().AddInteractiveServerComponents();

WebApplication app = builder.Build();
app.UseRouting();
app.UseOrleansSessions();
app.UseAntiforgery();
app.MapStaticAssets();
app.MapRazorComponents<App>().AddInteractiveServerRenderMode();

app.Run();
