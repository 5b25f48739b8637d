using System.Globalization;
using OrleansSessions.AspNetCore;
using OrleansSessions.Bench.App.Hosting;
using OrleansSessions.Contracts;

namespace OrleansSessions.Bench.App.Sessions;

/// <summary>Endpoints that sign users in: one user for each session. Only the cluster's own middleware can.</summary>
internal static class SignInEndpoints
{
    public static void MapSignIn(this IEndpointRouteBuilder endpoints, SessionBackEnd backEnd)
    {
        if (backEnd is not (SessionBackEnd.Client or SessionBackEnd.CoHost))
        {
            return;
        }

        // Does what /login does, and lists the session among its user's.
        endpoints.MapPost("/signin", static async context =>
        {
            await context.Session.LoadAsync();
            context.Session.SetString("user", "Ada");
            await context.GetOrleansSession().SignInAsync(userId: context.Session.Id);
            await context.Response.WriteAsync("Ada");
        });

        endpoints.MapGet("/devices", static async context =>
        {
            await context.Session.LoadAsync();
            UserSessionPage page = await context.RequestServices.GetRequiredService<IUserSessions>().ListAsync(context.Session.Id);
            await context.Response.WriteAsync(page.Sessions.Length.ToString(CultureInfo.InvariantCulture));
        });
    }
}
