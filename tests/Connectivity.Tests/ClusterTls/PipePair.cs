using System.IO.Pipelines;

namespace OrleansSessions.Connectivity.Tests.ClusterTls;

/// <summary>Both ends of an in-memory connection.</summary>
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
