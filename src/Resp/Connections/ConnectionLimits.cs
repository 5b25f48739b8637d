using Microsoft.Extensions.Options;
using OrleansSessions.Resp.Commands;
using OrleansSessions.Resp.Configuration;
using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Connections;

/// <summary>What a client may ask of a connection.</summary>
internal sealed class ConnectionLimits(IOptions<RespOptions> options)
{
    private readonly RespLimits _commands = new() { MaxArguments = options.Value.MaxArguments, MaxBulkBytes = options.Value.MaxBulkBytes };

    /// <summary>How long it may be silent; 0: for ever.</summary>
    public TimeSpan IdleTimeout { get; } = options.Value.IdleTimeout;

    /// <summary>How long it may take to send a command, to take in replies and to authenticate.</summary>
    public TimeSpan SlowClientTimeout { get; } = options.Value.SlowClientTimeout;

    /// <summary>How large its next command may be.</summary>
    public RespLimits For(RespClient client) => client.IsAuthenticated ? _commands : RespLimits.Unauthenticated;
}
