using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Responses;

/// <summary>Response compression before and after the sessions in the pipeline.</summary>
public sealed class CompressionTests(SessionCluster cluster)
{
    private static readonly string Text = string.Join('\n', Enumerable.Range(0, 5_000).Select(i => $"line {i}"));

    [Theory]
    [InlineData(true, "/text")]
    [InlineData(true, "/pieces")]
    [InlineData(true, "/unflushed")]
    [InlineData(false, "/text")]
    [InlineData(false, "/pieces")]
    [InlineData(false, "/unflushed")]
    public async Task CompressedResponse_WithACommit_IsWhole(bool outside, string path)
    {
        await using TestApp app = await StartAsync(outside);
        using Browser browser = app.NewBrowser();
        browser.CookieName = "session";
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.AcceptEncoding.ParseAdd("gzip");

        using HttpResponseMessage response = await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("gzip", Assert.Single(response.Content.Headers.ContentEncoding));
        await using var gzip = new GZipStream(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        Assert.Equal(Text, await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal("2", await browser.GetTextAsync("/get/a"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CompressedPieces_Flushed_ReachTheClientBeforeTheHandlerEnds(bool outside)
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestApp app = await StartAsync(outside, go.Task);
        using Browser browser = app.NewBrowser();
        var request = new HttpRequestMessage(HttpMethod.Get, "/slow");
        request.Headers.AcceptEncoding.ParseAdd("gzip");

        using HttpResponseMessage response = await browser.SendAsync(request);
        await using var gzip = new GZipStream(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        string? first = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        go.SetResult();

        Assert.Equal("first", first);
        Assert.Equal("second", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    private Task<TestApp> StartAsync(bool outside, Task? go = null) => TestApp.StartOnKestrelAsync(
        cluster.Grains,
        app =>
        {
            if (outside)
            {
                app.UseResponseCompression();
            }

            app.UseRouting();
            app.UseOrleansSessions();
            if (!outside)
            {
                app.UseResponseCompression();
            }

            app.MapSessionEndpoints();
            app.MapGet("/text", (HttpContext context) =>
            {
                context.Session.SetString("a", "2");
                return Text;
            });
            app.MapGet("/pieces", async (HttpContext context) =>
            {
                context.Session.SetString("a", "2");
                context.Response.ContentType = "text/plain";
                foreach (char[] piece in Text.Chunk(100))
                {
                    await context.Response.WriteAsync(new string(piece));
                }
            });
            app.MapGet("/unflushed", (HttpContext context) =>
            {
                context.Session.SetString("a", "2");
                context.Response.ContentType = "text/plain";
                Encoding.UTF8.GetBytes(Text, context.Response.BodyWriter);
            });
            app.MapGet("/slow", async (HttpContext context) =>
            {
                context.Session.SetString("a", "2");
                context.Response.ContentType = "text/plain";
                await context.Response.WriteAsync("first\n");
                await context.Response.Body.FlushAsync();
                await go!;
                await context.Response.WriteAsync("second\n");
            });
        },
        builder => builder.Services.AddResponseCompression());
}
