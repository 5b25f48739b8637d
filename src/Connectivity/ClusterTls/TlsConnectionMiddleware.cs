using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;

namespace OrleansSessions.Connectivity.ClusterTls;

/// <summary>What both ends have in common: the handshake comes first, the connection goes on over the decrypted pipes, and TLS is closed before the connection is.</summary>
internal abstract class TlsConnectionMiddleware(ConnectionDelegate next, ClusterCertificates tls, ClusterPort port)
{
    /// <summary>How long a peer has for its part of the handshake.</summary>
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    protected ClusterCertificates Tls { get; } = tls;

    protected ClusterPort Port { get; } = port;

    public async Task OnConnectionAsync(ConnectionContext context)
    {
        IDuplexPipe transport = context.Transport;
        await using var stream = new SslStream(new PipeStream(transport));
        if (!await TryAuthenticateAsync(context, stream).ConfigureAwait(false))
        {
            return;
        }

        var decrypted = new TlsTransport(stream);
        context.Transport = decrypted;
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            context.Transport = transport;
            await decrypted.Input.CompleteAsync().ConfigureAwait(false);
            await CloseAsync(decrypted, stream).ConfigureAwait(false);

            // Orleans disposes the context without waiting for this: it may have completed the decrypted pipes in place of these.
            await transport.Input.CompleteAsync().ConfigureAwait(false);
            await transport.Output.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>One end's handshake.</summary>
    protected abstract Task AuthenticateAsync(SslStream stream, PeerCheck check, CancellationToken cancellationToken);

    /// <summary>The judge of the peer's certificate.</summary>
    protected abstract PeerCheck CreateCheck();

    /// <summary>Deals with a handshake that failed.</summary>
    protected abstract void OnRefused(ConnectionContext context, string reason, string? detail, Exception exception);

    private async Task<bool> TryAuthenticateAsync(ConnectionContext context, SslStream stream)
    {
        PeerCheck check = CreateCheck();
        using var timeout = new CancellationTokenSource(HandshakeTimeout, Tls.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.ConnectionClosed);
        try
        {
            await AuthenticateAsync(stream, check, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or OperationCanceledException or InvalidOperationException)
        {
            string reason = check.Refused ?? exception switch
            {
                _ when timeout.IsCancellationRequested => Refusal.Timeout,
                AuthenticationException => Refusal.Protocol,
                _ => Refusal.Closed,
            };
            OnRefused(context, reason, check.Detail ?? exception.Message, exception);
            return false;
        }
    }

    /// <summary>Tells the peer that this is the end, if it is still there.</summary>
    private static async Task CloseAsync(TlsTransport decrypted, SslStream stream)
    {
        try
        {
            await decrypted.Output.CompleteAsync().ConfigureAwait(false);
            await stream.ShutdownAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or OperationCanceledException)
        {
            // The connection is closed already.
        }
    }
}
