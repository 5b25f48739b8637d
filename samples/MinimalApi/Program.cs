// A cart without a login.
using OrleansSessions.AspNetCore;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.AddOrleansSessionsClient();
builder.Services.AddOrleansSessions();

WebApplication app = builder.Build();
app.UseRouting();
app.UseOrleansSessions();

app.MapHealthChecks("/healthz/ready");
app.MapGet("/cart", static (HttpContext context) => context.Session.Get<string[]>("cart") ?? []);

// Atomic: two requests at a time lose no item.
app.MapPost("/cart/{item}", static async (string item, HttpContext context) =>
    await context.GetOrleansSession().UpdateAsync<string[]>("cart", cart => [.. cart ?? [], item]));

// A late request can't bring the cart back.
app.MapDelete("/cart", static (HttpContext context, CancellationToken cancellation) => context.GetOrleansSession().DestroyAsync(cancellation));

app.Run();
