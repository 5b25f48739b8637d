using Microsoft.Extensions.Options;
using OrleansSessions.Resp.Commands;
using OrleansSessions.Resp.Configuration;
using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Connections;

/// <summary>Limits of a connection.</summary>
internal sealed class ConnectionLimits(IOptions<RespOptions> options)
{
    private readonly RespLimits _commands = new() { MaxArguments = options.Value.MaxArguments, MaxBulkBytes = options.Value.MaxBulkBytes };

    /// <summary>Maximum idle time; 0: forever.</summary>
    public TimeSpan IdleTimeout { get; } = options.Value.IdleTimeout;

    /// <summary>Time limit for sending a command, reading replies and authenticating.</summary>
    public TimeSpan SlowClientTimeout { get; } = options.Value.SlowClientTimeout;

    /// <summary>Returns the size limits of the next command.</summary>
    public RespLimits For(RespClient client) => client.IsAuthenticated ? _commands : RespLimits.Unauthenticated;
}
