using System.Globalization;
using OrleansSessions.Contracts;

namespace OrleansSessions.Client;

/// <summary>
/// Route of new sessions: <see cref="ISessionCreationGrain"/>, or the sessions' own grains for a second after it refused one. It refuses all where silos have
/// event handlers.
/// </summary>
internal sealed class CreationRoute(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly string[] GrainKeys = [.. Enumerable.Range(0, 16).Select(static i => i.ToString(CultureInfo.InvariantCulture))];

    private long _openAt = long.MinValue;

    public bool IsOpen => time.GetTimestamp() >= Volatile.Read(ref _openAt);

    /// <summary>Returns the key of the grain to ask. Several keys spread the calls over the gateways.</summary>
    public static string GrainKeyFor(SessionKey session) => GrainKeys[(uint)session.Value.GetHashCode(StringComparison.Ordinal) % (uint)GrainKeys.Length];

    public void Close() => Volatile.Write(ref _openAt, time.GetTimestamp() + time.TicksOf(Pause));
}
