using System.IO.Pipelines;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;

namespace OrleansSessions.Connectivity.ClusterTls;

/// <summary>
/// Connection middleware that runs Orleans' TLS and reports failed handshakes. The package logs failures without the peer's address and does not count them, and its
/// hooks don't identify the connection. So each connection gets its own pipeline, with its own options and log.
/// </summary>
internal sealed class ClusterTlsMiddleware(ConnectionDelegate next, ClusterCertificates certificates, RefusalReporter refusals, ClusterPort port, bool isServer)
{
    public async Task OnConnectionAsync(ConnectionContext context)
    {
        IDuplexPipe transport = context.Transport;
        var handshake = new Handshake(certificates, isServer && port == ClusterPort.Gateway ? null : certificates.SiloName);
        var pipeline = new ConnectionBuilder(handshake.Log);
        if (isServer)
        {
            pipeline.UseServerTls(handshake.Options);
        }
        else
        {
            pipeline.UseClientTls(handshake.Options);
        }

        pipeline.Use(_ => next);
        try
        {
            await pipeline.Build()(context).ConfigureAwait(false);
        }
        finally
        {
            // Orleans disposes of the context without waiting for this: it may have completed the decrypted pipes instead of these.
            await transport.Input.CompleteAsync().ConfigureAwait(false);
            await transport.Output.CompleteAsync().ConfigureAwait(false);
        }

        if (handshake.Log.Failure is { } failure)
        {
            Report(context, handshake, failure);
        }
    }

    private void Report(ConnectionContext context, Handshake handshake, Exception failure)
    {
        string reason = handshake.Reason(failure);
        string detail = handshake.Peer.Detail ?? failure.Message;
        if (isServer)
        {
            refusals.ReportInbound(port, reason, context.RemoteEndPoint, detail);
            return;
        }

        // A silo that disappears during a handshake is not a refusal.
        if (reason is not (Refusal.Closed or Refusal.Timeout))
        {
            refusals.Count(port, reason);
        }

        throw new AuthenticationException($"No TLS connection to {context.RemoteEndPoint} ({reason}): {detail}", failure);
    }
}
