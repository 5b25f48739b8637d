using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace OrleansSessions.AspNetCore.Tests.Applications;

/// <summary>Pipeline of most tests: sessions, and one endpoint per session operation.</summary>
internal static class TestPipeline
{
    /// <summary>Routing, sessions, and the endpoints of <see cref="MapSessionEndpoints"/>.</summary>
    public static void Sessions(WebApplication app)
    {
        app.UseRouting();
        app.UseOrleansSessions();
        app.MapSessionEndpoints();
    }

    /// <summary>
    /// <c>GET get/{key}</c>, <c>POST set/{key}/{value}</c>, <c>POST remove/{key}</c>, <c>POST clear</c>, <c>POST add/{key}</c>, <c>POST rotate</c>,
    /// <c>POST destroy</c>, <c>GET nothing</c>.
    /// </summary>
    public static TBuilder MapSessionEndpoints<TBuilder>(this TBuilder app)
        where TBuilder : IEndpointRouteBuilder
    {
        app.MapGet("/get/{key}", (HttpContext context, string key) => context.Session.GetString(key) ?? "(none)");
        app.MapPost("/set/{key}/{value}", (HttpContext context, string key, string value) => context.Session.SetString(key, value));
        app.MapPost("/remove/{key}", (HttpContext context, string key) => context.Session.Remove(key));
        app.MapPost("/clear", (HttpContext context) => context.Session.Clear());
        app.MapPost("/add/{key}", (HttpContext context, string key) => context.GetOrleansSession().IncrementAsync(key));
        app.MapPost("/rotate", (HttpContext context) => context.GetOrleansSession().RotateAsync());
        app.MapPost("/destroy", (HttpContext context) => context.GetOrleansSession().DestroyAsync());
        app.MapGet("/nothing", () => "nothing");
        return app;
    }
}
