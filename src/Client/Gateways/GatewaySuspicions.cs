using System.Collections.Concurrent;
using System.Net;
using OrleansSessions.Contracts;

namespace OrleansSessions.Client.Gateways;

/// <summary>Gateways that failed to answer recently. They are avoided for a moment, so that calls use another one.</summary>
internal sealed class GatewaySuspicions(TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(8);

    private readonly ConcurrentDictionary<EndPoint, Suspicion> _suspects = new();
    private readonly ConcurrentDictionary<EndPoint, long> _heard = new();

    public bool IsSuspect(EndPoint gateway) => _suspects.TryGetValue(gateway, out Suspicion suspicion) && time.GetTimestamp() < suspicion.Until;

    /// <summary>
    /// Avoids the gateway for a second, doubled with each failure before it answers again. Only if another gateway has answered since: otherwise the machine or the
    /// network is slow, and there is no better gateway.
    /// </summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="since">The timestamp since when it has not answered.</param>
    /// <returns>Whether the gateway is avoided now.</returns>
    public bool TrySuspect(EndPoint gateway, long since)
    {
        if (!_heard.Any(other => !other.Key.Equals(gateway) && other.Value >= since))
        {
            return false;
        }

        Suspect(gateway);
        return true;
    }

    /// <summary>Avoids the gateway unconditionally: nothing can be sent to it.</summary>
    public void Suspect(EndPoint gateway) =>
        _suspects.AddOrUpdate(
            gateway,
            static (_, time) => Suspicion.For(Shortest, time),
            static (_, last, time) => time.GetTimestamp() < last.Until ? last : Suspicion.For(last.Length * 2 < Longest ? last.Length * 2 : Longest, time),
            time);

    /// <summary>Records that the gateway has answered.</summary>
    public void Heard(EndPoint gateway)
    {
        _heard[gateway] = time.GetTimestamp();
        if (!_suspects.IsEmpty)
        {
            _suspects.TryRemove(gateway, out _);
        }
    }

    private readonly record struct Suspicion(TimeSpan Length, long Until)
    {
        public static Suspicion For(TimeSpan length, TimeProvider time) => new(length, time.GetTimestamp() + time.TicksOf(length));
    }
}
