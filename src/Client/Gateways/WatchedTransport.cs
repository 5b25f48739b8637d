using System.IO.Pipelines;

namespace OrleansSessions.Client.Gateways;

/// <summary>Transport that notifies a <see cref="GatewayWatch"/> of sent and received bytes.</summary>
internal sealed class WatchedTransport(IDuplexPipe inner, GatewayWatch watch) : IDuplexPipe
{
    public PipeReader Input { get; } = new WatchedReader(inner.Input, watch);

    public PipeWriter Output { get; } = new WatchedWriter(inner.Output, watch);

    private sealed class WatchedReader(PipeReader inner, GatewayWatch watch) : PipeReader
    {
        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        // A reader advances after each read with data, so there is no need to wrap the read itself.
        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            watch.Received();
            inner.AdvanceTo(consumed, examined);
        }

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => inner.ReadAsync(cancellationToken);

        public override bool TryRead(out ReadResult result) => inner.TryRead(out result);
    }

    private sealed class WatchedWriter(PipeWriter inner, GatewayWatch watch) : PipeWriter
    {
        public override void Advance(int bytes) => inner.Advance(bytes);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            watch.Sent();
            return inner.FlushAsync(cancellationToken);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);
    }
}
