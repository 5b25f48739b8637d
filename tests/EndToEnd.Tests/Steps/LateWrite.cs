using System.Net;
using OrleansSessions.EndToEnd.Tests.Sessions;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Steps;

/// <summary>
/// Request that has loaded its session and writes to it later, as one of a page that was opened before. The frontend asks for the body after it has loaded the session
/// (100 Continue), and gets the end of it when the request is released.
/// </summary>
internal sealed class LateWrite : IAsyncDisposable
{
    private readonly Browser _browser;
    private readonly SlowText _body;
    private readonly Task<HttpResponseMessage> _response;

    private LateWrite(Browser browser, SlowText body, Task<HttpResponseMessage> response)
    {
        _browser = browser;
        _body = body;
        _response = response;
    }

    /// <summary>Begins a request of a browser.</summary>
    public static async Task<LateWrite> BeginAsync(Browser browser, Uri frontend, string name, string text)
    {
        Browser clone = browser.Clone(frontend, static handler => handler.Expect100ContinueTimeout = TimeSpan.FromMinutes(1));
        var body = new SlowText(text);
        Task<HttpResponseMessage> response = clone.TryPutAsync(name, body);
        await Task.WhenAny(body.Asked, response);
        Assert.False(response.IsCompleted, "The request was answered before it had a body.");
        return new LateWrite(clone, body, response);
    }

    /// <summary>Sends the end of the body.</summary>
    public async Task<HttpStatusCode> EndAsync()
    {
        _body.Release();
        using HttpResponseMessage response = await _response;
        return response.StatusCode;
    }

    public ValueTask DisposeAsync()
    {
        _body.Release();
        _browser.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Text whose end is held back. Until then it sends spaces, because a server gives up bodies that stand still.</summary>
    private sealed class SlowText(string text) : HttpContent
    {
        private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);
        private static readonly byte[] Spaces = [.. Enumerable.Repeat((byte)' ', 128)];

        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public void Release() => _released.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            _asked.TrySetResult();
            while (await Task.WhenAny(_released.Task, Task.Delay(Pace)) != _released.Task)
            {
                await stream.WriteAsync(Spaces);
                await stream.FlushAsync();
            }

            await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
