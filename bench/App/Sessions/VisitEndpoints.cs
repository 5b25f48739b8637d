using System.Globalization;
using OrleansSessions.AspNetCore;
using OrleansSessions.Bench.App.Hosting;

namespace OrleansSessions.Bench.App.Sessions;

/// <summary>
/// Endpoints of the benchmark application, the same in every stack. A session holds a counter and four entries of equal length; each response describes what the
/// request saw.
/// </summary>
internal static class VisitEndpoints
{
    public static void MapVisits(this IEndpointRouteBuilder endpoints, SessionBackEnd backEnd)
    {
        ICounter counter = backEnd is SessionBackEnd.Client or SessionBackEnd.CoHost ? new AtomicCounter() : new PlainCounter();

        // A request without a cookie that uses no session, like most requests of a site. It carries no metadata that either middleware would act on.
        endpoints.MapGet("/none", static context => context.Response.WriteAsync("none"));

        endpoints.MapPost("/create", async context =>
        {
            await context.Session.LoadAsync();
            int length = int.Parse(context.Request.Query["bytes"]!, CultureInfo.InvariantCulture);
            VisitEntries.SetCounter(context.Session, 0);
            for (int i = 0; i < VisitEntries.Count; i++)
            {
                VisitEntries.Fill(context.Session, i, length, visit: 0);
            }

            await context.Response.WriteAsync("0");
        });

        endpoints.MapGet("/read", static async context =>
        {
            await context.Session.LoadAsync();
            await context.Response.WriteAsync(VisitEntries.Summarize(context.Session));
        });

        endpoints.MapPost("/write", async context =>
        {
            await context.Session.LoadAsync();
            await context.Response.WriteAsync(Text(await counter.VisitAsync(context)));
        });

        endpoints.MapPost("/add", async context =>
        {
            await context.Session.LoadAsync();
            await context.Response.WriteAsync(Text(await counter.AddAsync(context)));
        });

        endpoints.MapPost("/distinct", static async context =>
        {
            await context.Session.LoadAsync();
            context.Session.SetString($"d{context.Request.Query["n"]}", "1");
            await context.Response.WriteAsync("1");
        });

        // The stock session can't change its id, so the peer does less work here.
        endpoints.MapPost("/login", async context =>
        {
            await context.Session.LoadAsync();
            context.Session.SetString("user", "Ada");
            if (backEnd is SessionBackEnd.Client or SessionBackEnd.CoHost)
            {
                await context.GetOrleansSession().RotateAsync();
            }

            await context.Response.WriteAsync("Ada");
        });

        endpoints.MapGet("/entries", static async context =>
        {
            await context.Session.LoadAsync();
            await context.Response.WriteAsJsonAsync(context.Session.Keys.ToDictionary(key => key, key => context.Session.GetString(key)));
        });
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
