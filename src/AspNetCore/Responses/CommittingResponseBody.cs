using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansSessions.AspNetCore.Responses;

/// <summary>
/// Response body in front of the server's. It commits the session before the first byte, and with it the headers, can be sent. So a failed commit throws from the
/// write, while the status can still be changed; a callback on response start would be too late.
/// </summary>
internal sealed class CommittingResponseBody(IHttpResponseBodyFeature inner, CommittingResponse response, OrleansSession session) : IHttpResponseBodyFeature
{
    private CommittingStream? _stream;
    private CommittingPipeWriter? _writer;

    public Stream Stream => _stream ??= new CommittingStream(inner.Stream, this);

    public PipeWriter Writer => _writer ??= new CommittingPipeWriter(inner.Writer, this);

    /// <summary>Whether the session is committed, so that output may go to the server.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether output was passed to the server, or to a middleware that buffers before it.</summary>
    public bool IsHandedOn { get; private set; }

    /// <summary>Commits when the headers are sent. Needed only for responses that bypass the body, such as an upgrade to WebSockets.</summary>
    public async Task CommitBeforeHeadersAsync()
    {
        await response.RunCallbacksAsync();
        await session.CommitChangesAsync(CancellationToken.None);
    }

    /// <summary>Commits the session before output is written. If the client disconnects, the write is cancelled but not the commit.</summary>
    public async ValueTask OpenAsync()
    {
        await CommitFirstAsync();
        IsHandedOn = true;
    }

    /// <summary>Commits at the end of the request: changes without output, or after the response had started.</summary>
    public async ValueTask FinishAsync()
    {
        await CommitFirstAsync();
        await session.CommitChangesAsync(CancellationToken.None);
    }

    public void DisableBuffering() => inner.DisableBuffering();

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await OpenAsync();
        await inner.StartAsync(cancellationToken);
    }

    public async Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        await OpenAsync();
        await inner.SendFileAsync(path, offset, count, cancellationToken);
    }

    public async Task CompleteAsync()
    {
        await FinishAsync();
        IsHandedOn = true;
        await inner.CompleteAsync();
    }

    private async ValueTask CommitFirstAsync()
    {
        if (!IsOpen)
        {
            await response.RunCallbacksAsync();
            await session.CommitChangesAsync(CancellationToken.None);
            IsOpen = true;
            if (_writer?.Release() == true)
            {
                IsHandedOn = true;
            }
        }
    }
}
