using System.Net.Mime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace OrleansSessions.LocalCluster.Demo;

/// <summary>Page at <c>/demo</c>, answered by the launcher itself.</summary>
internal sealed class DemoPage
{
    public const string Path = "/demo";

    private static readonly (string Route, string File, string Type)[] Files =
    [
        (Path, "demo.html", MediaTypeNames.Text.Html),
        (Path + "/demo.css", "demo.css", MediaTypeNames.Text.Css),
        (Path + "/demo.js", "demo.js", MediaTypeNames.Text.JavaScript),
    ];

    private volatile DemoRun? _run;

    /// <summary>Shows a demo from now on.</summary>
    public void Show(DemoRun run) => _run = run;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        foreach ((string route, string file, string type) in Files)
        {
            byte[] content = Read(file);
            endpoints.MapGet(route, (HttpContext context) =>
            {
                context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; frame-ancestors 'none'";
                context.Response.Headers.CacheControl = "no-cache";
                return Results.Bytes(content, type + "; charset=utf-8");
            });
        }

        endpoints.MapGet(Path + "/state", () => _run is { } run ? Results.Json(run.Read()) : Results.StatusCode(StatusCodes.Status503ServiceUnavailable));
    }

    private static byte[] Read(string file)
    {
        using Stream content = typeof(DemoPage).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"The launcher was built without {file}.");
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }
}
