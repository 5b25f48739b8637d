using System.Buffers;
using System.IO.Pipelines;

namespace OrleansSessions.AspNetCore.Responses;

/// <summary>
/// Response writer that commits the session at its first flush. Until then it buffers, because the server could not take output back after a failed commit.
/// </summary>
internal sealed class CommittingPipeWriter(PipeWriter inner, CommittingResponseBody body) : PipeWriter
{
    private ArrayBufferWriter<byte>? _held;

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => (_held?.WrittenCount ?? 0) + inner.UnflushedBytes;

    private IBufferWriter<byte> Target => body.IsOpen ? inner : _held ??= new ArrayBufferWriter<byte>();

    public override Memory<byte> GetMemory(int sizeHint = 0) => Target.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => Target.GetSpan(sizeHint);

    public override void Advance(int bytes) => Target.Advance(bytes);

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        await body.OpenAsync();
        return await inner.FlushAsync(cancellationToken);
    }

    public override async ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        await body.OpenAsync();
        return await inner.WriteAsync(source, cancellationToken);
    }

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    /// <summary>No effect: when the application returns, the session is committed and the response completed.</summary>
    public override void Complete(Exception? exception = null)
    {
    }

    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        await body.OpenAsync();
        await inner.CompleteAsync(exception);
    }

    /// <summary>Passes on the buffered output. Returns false if there was none.</summary>
    public bool Release()
    {
        ArrayBufferWriter<byte>? held = _held;
        _held = null;
        if (held is not { WrittenCount: > 0 })
        {
            return false;
        }

        inner.Write(held.WrittenSpan);
        return true;
    }
}
