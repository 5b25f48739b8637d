using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace OrleansSessions.AspNetCore;

/// <summary>Limit of tokens that name no session, for each address. Once it is reached, no token from there is looked up until the minute is over.</summary>
internal sealed class GuessLimit : IDisposable
{
    /// <summary>The part of an IPv6 address that identifies a customer's network.</summary>
    private const int NetworkBytes = 8;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<HttpContext>? _limiter;

    public GuessLimit(IOptions<OrleansSessionOptions> options)
    {
        if (options.Value.MaxUnknownTokensPerMinute is { } permits)
        {
            _limiter = PartitionedRateLimiter.Create<HttpContext, IPAddress>(request => RateLimitPartition.GetFixedWindowLimiter(
                NetworkOf(request.Connection.RemoteIpAddress ?? IPAddress.None),
                _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = Window }));
        }
    }

    /// <summary>Whether the request's address has presented too many.</summary>
    public bool IsReached(HttpContext request)
    {
        using RateLimitLease? lease = _limiter?.AttemptAcquire(request, permitCount: 0);
        return lease is { IsAcquired: false };
    }

    /// <summary>Counts a request whose token names no session.</summary>
    public void Count(HttpContext request) => _limiter?.AttemptAcquire(request).Dispose();

    public void Dispose() => _limiter?.Dispose();

    private static IPAddress NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        byte[] network = address.GetAddressBytes();
        network.AsSpan(NetworkBytes).Clear();
        return new IPAddress(network);
    }
}
