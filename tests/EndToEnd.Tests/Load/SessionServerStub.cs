using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansSessions.EndToEnd.Tests.Sessions;

namespace OrleansSessions.EndToEnd.Tests.Load;

/// <summary>Stub of the JSON API over a dictionary, with scripted errors.</summary>
internal sealed class SessionServerStub : IAsyncDisposable
{
    private const string CookieName = "stub";

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, string>> _sessions = new();
    private readonly WebApplication _application;
    private int _reads;

    private SessionServerStub()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.MapGet("/api/session", Read);
        _application.MapPut("/api/session/entries/{name}", WriteAsync);
        _application.MapPost("/api/session/entries/{name}/increment", Increment);
    }

    /// <summary>Called before each write: true acknowledges it without storing it.</summary>
    public Func<string, bool> Loses { get; set; } = _ => false;

    /// <summary>Called before each write: true refuses it.</summary>
    public Func<string, bool> Refuses { get; set; } = _ => false;

    /// <summary>The number of answered reads.</summary>
    public int Reads => _reads;

    public Uri Url => new(_application.Urls.Single());

    public static async Task<SessionServerStub> StartAsync()
    {
        var stub = new SessionServerStub();
        await stub._application.StartAsync();
        return stub;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private IResult Read(HttpContext context)
    {
        Interlocked.Increment(ref _reads);
        return Results.Ok(new SessionView("stub", "stub", "stub", 1, null, null, new Dictionary<string, string>(Session(context))));
    }

    private async Task<IResult> WriteAsync(HttpContext context, string name)
    {
        using var body = new StreamReader(context.Request.Body);
        string text = await body.ReadToEndAsync();
        if (Refuses(name))
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        ConcurrentDictionary<string, string> session = Session(context);
        if (!Loses(name))
        {
            session[name] = text;
        }

        context.Response.Headers["X-Served-By"] = "stub";
        return Results.NoContent();
    }

    private IResult Increment(HttpContext context, string name)
    {
        string value = Session(context).AddOrUpdate(name, "1", (_, old) => (Parse(old) + 1).ToString(CultureInfo.InvariantCulture));
        return Results.Ok(new IncrementAnswer(Parse(value)));
    }

    private ConcurrentDictionary<string, string> Session(HttpContext context)
    {
        if (context.Request.Cookies[CookieName] is not { } token)
        {
            token = Guid.NewGuid().ToString("N");
            context.Response.Cookies.Append(CookieName, token);
        }

        return _sessions.GetOrAdd(token, _ => new ConcurrentDictionary<string, string>());
    }

    private static long Parse(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
