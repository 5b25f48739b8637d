using OrleansSessions.AspNetCore.Analyzers.SynchronousAccess;
using OrleansSessions.AspNetCore.CodeFixes;

namespace OrleansSessions.AspNetCore.Analyzers.Tests.SynchronousAccess;

/// <summary>OSES001.</summary>
public sealed class LoadFirstTests
{
    [Fact]
    public Task Endpoint_UnderTheStockMiddleware_LoadsFirst() => FixesAsync(
        Program("app.UseSession();", """
            app.MapGet("/cart", async (HttpContext context) =>
            {
                // What the user said last.
                string? note = [|context.Session.GetString("note")|];
                context.Session.SetString("note", note + "!");
                await context.Response.WriteAsync(note ?? "");
            });
            """),
        Program("app.UseSession();", """
            app.MapGet("/cart", async (HttpContext context) =>
            {
                // What the user said last.
                await context.Session.LoadAsync();
                string? note = context.Session.GetString("note");
                context.Session.SetString("note", note + "!");
                await context.Response.WriteAsync(note ?? "");
            });
            """));

    [Fact]
    public Task Access_InsideAStatement_LoadsBeforeTheWholeStatement() => FixesAsync(
        Program("app.UseSession();", """
            app.MapGet("/keys", async (HttpContext context) =>
            {
                var session = context.Session;
                if (context.Request.Query.Count > 0)
                    foreach (string key in [|session.Keys|])
                    {
                        await context.Response.WriteAsync(key);
                    }
            });
            """),
        Program("app.UseSession();", """
            app.MapGet("/keys", async (HttpContext context) =>
            {
                var session = context.Session;
                await session.LoadAsync();
                if (context.Request.Query.Count > 0)
                    foreach (string key in session.Keys)
                    {
                        await context.Response.WriteAsync(key);
                    }
            });
            """));

    [Fact]
    public Task Access_WithoutAStatementOfItsOwn_IsReportedOnly() => ReportsWithoutFixAsync(
        Program("app.UseSession();", """app.MapGet("/", async (HttpContext context) => await Task.FromResult([|context.Session.TryGetValue("x", out _)|]));"""));

    [Theory]
    [InlineData("app.UseOrleansSessions();")]
    [InlineData("")]
    [InlineData("app.UseSession(); app.Use(async (context, next) => { await context.Session.LoadAsync(); await next(context); });")]
    public Task Pipeline_ThatLoadsOrIsElsewhere_IsLeftAlone(string middleware) => ReportsAsync(
        Program(middleware, """
            app.MapGet("/", async (HttpContext context) =>
            {
                context.Session.SetString("note", "hello");
                await Task.Yield();
            });
            """));

    [Fact]
    public Task Session_ThatMayBeLoaded_IsLeftAlone() => ReportsAsync(Program("app.UseSession();", """
        app.MapGet("/1", async (HttpContext context) => { await context.Session.LoadAsync(); context.Session.Remove("x"); });
        app.MapGet("/2", async (HttpContext context) => { await context.GetOrleansSession().IncrementAsync("n"); context.Session.Remove("x"); });
        app.MapGet("/3", async (HttpContext context) => { await Pages.PrepareAsync(context); context.Session.Remove("x"); });
        app.MapGet("/4", async (HttpContext context, bool load) => { if (load) { await context.Session.LoadAsync(); } context.Session.Remove("x"); });
        app.MapGet("/5", async (HttpContext context) => await Pages.ShowSessionAsync(context.Session));
        """));

    [Fact]
    public Task Access_ThatCannotBeAwaitedForOrDoesNotLoad_IsLeftAlone() => ReportsAsync(Program("app.UseSession();", """
        app.MapGet("/1", (HttpContext context) => context.Session.GetString("x"));
        app.MapGet("/2", async (HttpContext context) => await Task.FromResult(context.Session.Id));
        """));

    [Fact]
    public Task Function_WithACaller_MayFindTheSessionLoaded() => ReportsAsync(
        Program("app.UseSession();", """
            app.MapGet("/", async (HttpContext context) => { await context.Session.LoadAsync(); await ShowAsync(context); });
            app.MapGet("/unloaded", UnloadedAsync);

            static async Task ShowAsync(HttpContext context)
            {
                context.Session.Remove("x");
                await Task.Yield();
            }

            static async Task UnloadedAsync(HttpContext context)
            {
                [|context.Session.Remove("x")|];
                await Task.Yield();
            }
            """));

    [Fact]
    public Task Action_IsReported_AlsoIfItsNameIsCalledOnOtherObjects() => ReportsAsync(
        Program("app.UseSession();", """new Uri("http://localhost").ToString();""") + """

            public sealed class CartController : Microsoft.AspNetCore.Mvc.Controller
            {
                public async Task<string?> ToString(int page)
                {
                    await Task.Yield();
                    return [|HttpContext.Session.GetString("page")|] + HttpContext.Session.GetString("title");
                }
            }
            """);

    private static string Program(string middleware, string endpoints) => $$"""
        using OrleansSessions.AspNetCore;

        var app = WebApplication.Create();
        {{middleware}}
        {{endpoints}}
        app.Run();

        public static class Pages
        {
            public static async Task PrepareAsync(HttpContext context) => await context.Session.LoadAsync();

            public static async Task ShowSessionAsync(ISession session)
            {
                session.Remove("x");
                await Task.Yield();
            }
        }
        """;

    private static Task ReportsAsync(string program) => Analyzed<LoadFirstAnalyzer, LoadFirstFix>.ReportsAsync(program);

    private static Task ReportsWithoutFixAsync(string program) => Analyzed<LoadFirstAnalyzer, LoadFirstFix>.ReportsWithoutFixAsync(program);

    private static Task FixesAsync(string program, string fixedProgram) => Analyzed<LoadFirstAnalyzer, LoadFirstFix>.FixesAsync(program, fixedProgram);
}
