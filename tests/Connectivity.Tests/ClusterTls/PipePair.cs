using System.IO.Pipelines;

namespace OrleansSessions.Connectivity.Tests.ClusterTls;

/// <summary>The two ends of a connection in memory.</summary>
internal sealed class PipePair
{
    public PipePair()
    {
        var (there, back) = (new Pipe(), new Pipe());
        (Server, Client) = (new End(there.Reader, back.Writer), new End(back.Reader, there.Writer));
    }

    public IDuplexPipe Server { get; }

    public IDuplexPipe Client { get; }

    private sealed record End(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
