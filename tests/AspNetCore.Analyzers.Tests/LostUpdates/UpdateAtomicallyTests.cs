using OrleansSessions.AspNetCore.Analyzers.LostUpdates;
using OrleansSessions.AspNetCore.CodeFixes;

namespace OrleansSessions.AspNetCore.Analyzers.Tests.LostUpdates;

/// <summary>OSES002.</summary>
public sealed class UpdateAtomicallyTests
{
    [Fact]
    public Task Sum_WrittenWhereItIsComputed_IsIncremented() => FixesAsync(
        Endpoints(
            """[|context.Session.SetInt32("visits", (context.Session.GetInt32("visits") ?? 0) + 1)|];""",
            """[|context.Session.SetInt32("n", context.Session.GetInt32("n").GetValueOrDefault() - 2)|];""",
            """[|context.Session.Set(key, by + context.Session.Get<long>(key))|];""",
            """[|session.Set(key, session.Get<int>(key) - by)|];"""),
        Endpoints(
            """await context.GetOrleansSession().IncrementAsync("visits");""",
            """await context.GetOrleansSession().IncrementAsync("n", -2);""",
            """await context.GetOrleansSession().IncrementAsync(key, by);""",
            """await session.IncrementAsync(key, -(by));"""));

    [Fact]
    public Task Sum_DeclaredInTheStatementBefore_IsIncremented() => FixesAsync(
        Endpoints("""
            int visits = (context.Session.GetInt32("visits") ?? 0) + 1;
                [|context.Session.SetInt32("visits", visits)|];
                await context.Response.WriteAsync($"visit {visits}");
            """),
        Endpoints("""
            int visits = (int)await context.GetOrleansSession().IncrementAsync("visits");
                await context.Response.WriteAsync($"visit {visits}");
            """));

    [Fact]
    public Task Fix_WithoutTheNamespace_AddsIt() => FixesAsync(
        """
        using System.Text;

        async Task CountAsync(HttpContext context) => await Task.Yield();

        await CountAsync(null!);

        public static class Pages
        {
            public static async Task ShowAsync(HttpContext context)
            {
                [|context.Session.SetInt32("visits", (context.Session.GetInt32("visits") ?? 0) + 1)|];
                await Task.Yield();
            }
        }
        """,
        """
        using System.Text;
        using OrleansSessions.AspNetCore;

        async Task CountAsync(HttpContext context) => await Task.Yield();

        await CountAsync(null!);

        public static class Pages
        {
            public static async Task ShowAsync(HttpContext context)
            {
                await context.GetOrleansSession().IncrementAsync("visits");
                await Task.Yield();
            }
        }
        """);

    [Fact]
    public Task OtherComputation_IsReportedOnly() => ReportsWithoutFixAsync(Endpoints(
        """int n = context.Session.GetInt32(key) ?? 0; n++; [|context.Session.SetInt32(key, n)|];""",
        """var cart = context.Session.Get<List<string>>("cart") ?? []; cart.Add("x"); [|context.Session.Set("cart", cart)|];""",
        """if (context.Session.GetInt32(key) is int n && n < 5) { [|context.Session.SetInt32(key, n * 2)|]; }""",
        """void Count() => [|context.Session.SetInt32(key, (context.Session.GetInt32(key) ?? 0) + 1)|]; Count();"""));

    [Fact]
    public Task Value_ThatDependsOnNoReadOfTheEntry_IsLeftAlone() => ReportsAsync(Endpoints(
        """if (context.Session.GetInt32(key) is null) { context.Session.SetInt32(key, 1); }""",
        """context.Session.SetInt32("b", (context.Session.GetInt32("a") ?? 0) + 1);""",
        """context.Session.SetInt32(key, context.Session.GetInt32(key) == 3 ? 4 : 5);""",
        """var cart = context.Session.Get<List<string>>(key); cart = ["new"]; context.Session.Set(key, cart);""",
        """context.Session.Set(key, new byte[] { 1 });""",
        """await session.UpdateAsync<int>(key, n => n + 1); context.Session.Set("total", context.Session.Get<int>(key));"""));

    /// <summary>A program with an endpoint for each body.</summary>
    private static string Endpoints(params string[] bodies) => $$"""
        using OrleansSessions.AspNetCore;

        var app = WebApplication.Create();
        {{string.Join('\n', bodies.Select(Endpoint))}}
        app.Run();
        """;

    private static string Endpoint(string body) => $$"""
        app.MapGet("/{key}", async (HttpContext context, string key, int by) =>
        {
            IOrleansSession session = context.GetOrleansSession();
            {{body}}
            await Task.Yield();
        });
        """;

    private static Task ReportsAsync(string program) => Analyzed<UpdateAtomicallyAnalyzer, UpdateAtomicallyFix>.ReportsAsync(program);

    private static Task ReportsWithoutFixAsync(string program) => Analyzed<UpdateAtomicallyAnalyzer, UpdateAtomicallyFix>.ReportsWithoutFixAsync(program);

    private static Task FixesAsync(string program, string fixedProgram) => Analyzed<UpdateAtomicallyAnalyzer, UpdateAtomicallyFix>.FixesAsync(program, fixedProgram);
}
