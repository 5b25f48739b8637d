using System.IO.Pipelines;
using System.Net.Security;

namespace OrleansSessions.Connectivity.ClusterTls;

/// <summary>The decrypted side of a connection.</summary>
internal sealed class TlsTransport(SslStream stream) : IDuplexPipe
{
    /// <summary>What one TLS record holds: a message is cut into no more records than it must.</summary>
    private const int BufferSize = 16 * 1024;

    public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BufferSize, leaveOpen: true));

    public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: BufferSize, leaveOpen: true));
}
