using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansSessions.AspNetCore.Tests.Responses;

/// <summary>Ways in which an application can respond. Each response with a body contains <see cref="Marker"/>.</summary>
internal static class ResponseWays
{
    public const string Marker = "THE-APPLICATION-SAYS-DONE";

    /// <summary>A header of every response.</summary>
    public const string Header = "X-Application";

    private const int BigBytes = 10 * 1024 * 1024;

    private static readonly byte[] Bytes = Encoding.ASCII.GetBytes(Marker);

    private static readonly byte[] Big = MakeBig();

    private static readonly string TheFile = MakeFile();

    public static IReadOnlyDictionary<string, RequestDelegate> All { get; } = new Dictionary<string, RequestDelegate>
    {
        ["WriteAsync"] = context => context.Response.WriteAsync(Marker),
        ["WriteAsyncTwice"] = async context =>
        {
            await context.Response.WriteAsync(Marker);
            await context.Response.WriteAsync(Marker);
        },
        ["WriteAsJsonAsync"] = context => context.Response.WriteAsJsonAsync(new { Marker }),
        ["ContentLength"] = context =>
        {
            context.Response.ContentLength = Bytes.Length;
            return context.Response.Body.WriteAsync(Bytes).AsTask();
        },
        ["BodyWriteAsync"] = context => context.Response.Body.WriteAsync(Bytes).AsTask(),
        ["BodyWriteAsyncArray"] = context => context.Response.Body.WriteAsync(Bytes, 0, Bytes.Length),
        ["BodyWriteSynchronously"] = context =>
        {
            context.Features.GetRequiredFeature<IHttpBodyControlFeature>().AllowSynchronousIO = true;
            context.Response.Body.Write(Bytes);
            context.Response.Body.Flush();
            return Task.CompletedTask;
        },
        ["BodyBeginWrite"] = context => Task.Factory.FromAsync(context.Response.Body.BeginWrite, context.Response.Body.EndWrite, Bytes, 0, Bytes.Length, null),
        ["BodyFlushAsync"] = async context =>
        {
            await context.Response.Body.FlushAsync();
            await context.Response.Body.WriteAsync(Bytes);
        },
        ["StreamWriter"] = async context =>
        {
            await using var writer = new StreamWriter(context.Response.Body);
            await writer.WriteAsync(Marker);
        },
        ["BodyWriterWriteAsync"] = async context => await context.Response.BodyWriter.WriteAsync(Bytes),
        ["BodyWriterUnflushed"] = context =>
        {
            context.Response.BodyWriter.Write(Bytes);
            return Task.CompletedTask;
        },
        ["BodyWriterFlushed"] = async context =>
        {
            context.Response.BodyWriter.Write(Bytes);
            context.Response.BodyWriter.Write(Bytes);
            await context.Response.BodyWriter.FlushAsync();
        },
        ["BodyWriterThenBody"] = async context =>
        {
            context.Response.BodyWriter.Write("first"u8);
            await context.Response.BodyWriter.FlushAsync();
            await context.Response.Body.WriteAsync(Bytes);
            context.Response.BodyWriter.Write("last"u8);
        },
        ["BodyWriterCompleteAsync"] = async context =>
        {
            context.Response.BodyWriter.Write(Bytes);
            await context.Response.BodyWriter.CompleteAsync();
        },
        ["BodyWriterComplete"] = context =>
        {
            context.Response.BodyWriter.Write(Bytes);
            context.Response.BodyWriter.Complete();
            return Task.CompletedTask;
        },
        ["BodyWriterAsStream"] = context => context.Response.BodyWriter.AsStream().WriteAsync(Bytes).AsTask(),
        ["BodyReplaced"] = async context =>
        {
            Stream body = context.Response.Body;
            using var buffer = new MemoryStream();
            context.Response.Body = buffer;
            await context.Response.WriteAsync(Marker);
            context.Response.Body = body;
            await body.WriteAsync(buffer.ToArray());
        },
        ["StartAsync"] = async context =>
        {
            await context.Response.StartAsync();
            await context.Response.WriteAsync(Marker);
        },
        ["CompleteAsync"] = async context =>
        {
            context.Response.BodyWriter.Write(Bytes);
            await context.Response.CompleteAsync();
        },
        ["DisableBuffering"] = context =>
        {
            context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
            return context.Response.WriteAsync(Marker);
        },
        ["SendFileAsync"] = context => context.Response.SendFileAsync(TheFile),
        ["SendFileAsyncRange"] = context => context.Response.SendFileAsync(TheFile, 3, 5),
        ["ResultsText"] = context => Results.Text(Marker).ExecuteAsync(context),
        ["ResultsJson"] = context => Results.Json(new { Marker }).ExecuteAsync(context),
        ["ResultsBytes"] = context => Results.Bytes(Bytes).ExecuteAsync(context),
        ["ResultsStream"] = context => Results.Stream(new MemoryStream(Bytes)).ExecuteAsync(context),
        ["ResultsStreamCallback"] = context => Results.Stream(body => body.WriteAsync(Bytes).AsTask()).ExecuteAsync(context),
        ["ResultsPipeReader"] = context => Results.Stream(PipeReader.Create(new ReadOnlySequence<byte>(Bytes))).ExecuteAsync(context),
        ["ResultsFile"] = context => Results.File(TheFile).ExecuteAsync(context),
        ["ServerSentEvents"] = context => TypedResults.ServerSentEvents(Events()).ExecuteAsync(context),
        ["NoBody"] = _ => Task.CompletedTask,
        ["NoContent"] = context => Results.NoContent().ExecuteAsync(context),
        ["NotModified"] = context => Results.StatusCode(StatusCodes.Status304NotModified).ExecuteAsync(context),
        ["Redirect"] = context => Results.Redirect("/" + Marker).ExecuteAsync(context),
        ["NotFound"] = context => Results.NotFound(new { Marker }).ExecuteAsync(context),
        ["BigBody"] = context => context.Response.Body.WriteAsync(Big).AsTask(),
        ["BigBodyWriter"] = async context => await context.Response.BodyWriter.WriteAsync(Big),
        ["BigBodyWriterUnflushed"] = context =>
        {
            context.Response.BodyWriter.Write(Big);
            return Task.CompletedTask;
        },
        ["BigPieces"] = async context =>
        {
            for (int i = 0; i < Big.Length; i += 4096)
            {
                await context.Response.Body.WriteAsync(Big.AsMemory(i, Math.Min(4096, Big.Length - i)));
            }
        },
        ["BigJson"] = context => context.Response.WriteAsJsonAsync(Enumerable.Repeat(Marker, BigBytes / Marker.Length)),
        ["BigText"] = context => context.Response.WriteAsync(Encoding.ASCII.GetString(Big)),
        ["BigStreamResult"] = context => Results.Stream(new MemoryStream(Big)).ExecuteAsync(context),
    }.ToDictionary(way => way.Key, way => (RequestDelegate)(context =>
    {
        context.Response.Headers[Header] = Marker;
        return way.Value(context);
    }));

    private static async IAsyncEnumerable<string> Events()
    {
        for (int i = 0; i < 3; i++)
        {
            yield return Marker;
            await Task.Yield();
        }
    }

    private static byte[] MakeBig()
    {
        byte[] big = new byte[BigBytes];
        new Random(1).NextBytes(big);
        big = Array.ConvertAll(big, static b => (byte)('A' + (b % 26)));
        Bytes.CopyTo(big, 0);
        return big;
    }

    private static string MakeFile()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "response.txt");
        File.WriteAllText(path, string.Concat(Enumerable.Repeat(Marker, 100)));
        return path;
    }
}
