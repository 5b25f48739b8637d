using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansSessions.AspNetCore.Responses;

/// <summary>
/// Stands before the server's response body and commits the session before the first byte, and with it the headers, can leave. A failed commit therefore
/// throws out of the write, while the status can still be changed; a callback on response start would come too late for that.
/// </summary>
internal sealed class CommittingResponseBody(IHttpResponseBodyFeature inner, CommittingResponse response, OrleansSession session) : IHttpResponseBodyFeature
{
    private CommittingStream? _stream;
    private CommittingPipeWriter? _writer;

    public Stream Stream => _stream ??= new CommittingStream(inner.Stream, this);

    public PipeWriter Writer => _writer ??= new CommittingPipeWriter(inner.Writer, this);

    /// <summary>Whether the session is committed, so that what is written may go to the server.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether something was handed to the server, or to a middleware that buffers before it.</summary>
    public bool IsHandedOn { get; private set; }

    /// <summary>Commits when the headers leave. Does something only for what passes by the body: an upgrade to WebSockets.</summary>
    public async Task CommitBeforeHeadersAsync()
    {
        await response.RunCallbacksAsync();
        await session.CommitChangesAsync(CancellationToken.None);
    }

    /// <summary>Commits the session before something is written. A client that has left cancels the write, and not the commit.</summary>
    public async ValueTask OpenAsync()
    {
        await CommitFirstAsync();
        IsHandedOn = true;
    }

    /// <summary>Commits at the end of the request: what was changed without writing, or after the response had started.</summary>
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
