using OrleansSessions.AspNetCore.Analyzers.SerializedValues;
using OrleansSessions.AspNetCore.CodeFixes;

namespace OrleansSessions.AspNetCore.Analyzers.Tests.SerializedValues;

/// <summary>OSES003.</summary>
public sealed class UseTypedEntryTests
{
    [Fact]
    public Task Serialization_InTheCall_IsTheSessions() => FixesAsync(
        Program("""
            [|context.Session.SetString("a", JsonSerializer.Serialize(cart))|];
                [|context.Session.SetString("b", JsonSerializer.Serialize<object>(cart))|];
                [|context.Session.SetString("c", JsonSerializer.Serialize(bytes))|];
                [|context.Session.Set("d", JsonSerializer.SerializeToUtf8Bytes(cart))|];
                return [|JsonSerializer.Deserialize<Cart>(context.Session.GetString("a")!)|];
            """),
        Program("""
            context.Session.Set("a", cart);
                context.Session.Set<object>("b", cart);
                context.Session.Set<byte[]>("c", bytes);
                context.Session.Set("d", cart);
                return context.Session.Get<Cart>("a");
            """));

    [Fact]
    public Task Serialization_InAnotherStatement_IsReportedOnly() => ReportsWithoutFixAsync(Program("""
        string json = JsonSerializer.Serialize(cart);
            [|context.Session.SetString("cart", json)|];
            string? stored = context.Session.GetString("cart");
            return stored is null ? null : [|JsonSerializer.Deserialize<Cart>(stored)|];
        """));

    [Fact]
    public Task OtherText_IsLeftAlone() => ReportsAsync(Program("""
        context.Session.SetString("a", JsonSerializer.Serialize(cart, JsonSerializerOptions.Web));
            context.Session.SetString("b", cart.ToString());
            return JsonSerializer.Deserialize<Cart>(context.Request.Query["cart"].ToString());
        """));

    private static string Program(string body) => $$"""
        using System.Text.Json;
        using OrleansSessions.AspNetCore;

        var app = WebApplication.Create();
        app.MapGet("/", (HttpContext context) =>
        {
            var cart = new Cart("apple");
            byte[] bytes = [1];
            {{body}}
        });
        app.Run();

        public sealed record Cart(string Item);
        """;

    private static Task ReportsAsync(string program) => Analyzed<UseTypedEntryAnalyzer, UseTypedEntryFix>.ReportsAsync(program);

    private static Task ReportsWithoutFixAsync(string program) => Analyzed<UseTypedEntryAnalyzer, UseTypedEntryFix>.ReportsWithoutFixAsync(program);

    private static Task FixesAsync(string program, string fixedProgram) => Analyzed<UseTypedEntryAnalyzer, UseTypedEntryFix>.FixesAsync(program, fixedProgram);
}
