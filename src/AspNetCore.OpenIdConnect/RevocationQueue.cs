using System.Threading.Channels;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansSessions.AspNetCore.OpenIdConnect;

/// <summary>
/// Revocations for tickets that were ended from elsewhere than their own requests, a bounded number at a time. No one waits for them: many sessions may end at once, and the
/// provider itself may wait for its logout to be answered. A process that stops finishes them within the host's time limit.
/// </summary>
internal sealed partial class RevocationQueue(RefreshTokenRevocation revocation, ILogger<RevocationQueue> logger) : BackgroundService
{
    private const int Width = 8;
    private const int Capacity = 20_000;

    private readonly Channel<(string Scheme, AuthenticationTicket Ticket)> _tickets =
        Channel.CreateBounded<(string Scheme, AuthenticationTicket Ticket)>(new BoundedChannelOptions(Capacity));

    /// <summary>Revokes the refresh token of a ticket of this provider soon.</summary>
    public void Add(string scheme, AuthenticationTicket ticket)
    {
        if (!_tickets.Writer.TryWrite((scheme, ticket)))
        {
            LogDropped(logger, scheme);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _tickets.Writer.TryComplete();
        await (ExecuteTask ?? Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
        if (_tickets.Reader.Count is > 0 and int left)
        {
            LogAbandoned(logger, left);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Parallel.ForEachAsync(
        _tickets.Reader.ReadAllAsync(stoppingToken),
        new ParallelOptions { MaxDegreeOfParallelism = Width, CancellationToken = stoppingToken },
        async (entry, _) => await revocation.RevokeAsync(entry.Scheme, entry.Ticket));

    [LoggerMessage(512, LogLevel.Warning, "{Count} refresh tokens were not revoked at the provider before the process stopped.")]
    private static partial void LogAbandoned(ILogger logger, int count);

    [LoggerMessage(511, LogLevel.Warning, "A refresh token of the scheme {Scheme} was not revoked at the provider: too many revocations wait, or the process stops.")]
    private static partial void LogDropped(ILogger logger, string scheme);
}
