using OrleansSessions.AspNetCore;
using OrleansSessions.Grains.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddSessionCluster();               // this process is a silo, too; Redis: ConnectionStrings:Redis
builder.Services.AddOrleansSessions();

var app = builder.Build();
app.UseRouting();
app.UseOrleansSessions();

app.MapHealthChecks("/healthz/ready");
app.MapGet("/cart", (HttpContext context) => context.Session.Get<string[]>("cart") ?? []);

// Atomic: two requests at a time lose no item.
app.MapPost("/cart/{item}", async (string item, HttpContext context) =>
    await context.GetOrleansSession().UpdateAsync<string[]>("cart", cart => [.. cart ?? [], item]));

app.Run();
