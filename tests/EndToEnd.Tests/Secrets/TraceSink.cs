using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OrleansSessions.EndToEnd.Tests.Secrets;

/// <summary>OTLP collector on loopback that keeps the bytes received over HTTP. Text in protobuf is plain UTF-8.</summary>
internal sealed class TraceSink : IAsyncDisposable
{
    private readonly MemoryStream _received = new();
    private readonly MemoryStream _traces = new();
    private readonly WebApplication _application;

    private TraceSink()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.MapPost("/v1/{signal}", ReceiveAsync);
    }

    /// <summary>The environment variables that make a process export to it.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _application.Urls.Single(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
    };

    public static async Task<TraceSink> StartAsync()
    {
        var sink = new TraceSink();
        await sink._application.StartAsync();
        return sink;
    }

    /// <summary>Everything received so far.</summary>
    public byte[] Received()
    {
        lock (_received)
        {
            return _received.ToArray();
        }
    }

    /// <summary>The requests with traces; concatenated, they are a valid message too.</summary>
    public byte[] ReceivedTraces()
    {
        lock (_received)
        {
            return _traces.ToArray();
        }
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task ReceiveAsync(string signal, HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        lock (_received)
        {
            body.WriteTo(_received);
            if (signal == "traces")
            {
                body.WriteTo(_traces);
            }
        }

        context.Response.ContentType = "application/x-protobuf";
    }
}
