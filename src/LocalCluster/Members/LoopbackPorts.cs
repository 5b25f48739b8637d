using OrleansSessions.LocalCluster.Failures;
using OrleansSessions.Testing;

namespace OrleansSessions.LocalCluster.Members;

/// <summary>Picks free ports on the loopback interface, each once among all launchers of this machine: members listen seconds after their ports were picked.</summary>
internal sealed class LoopbackPorts : IDisposable
{
    // Below the operating systems' ranges for outgoing connections, so that a picked port is still free when its member restarts, and below the ports of Orleans' test clusters.
    private const int First = 15000;
    private const int Last = 22000;

    private readonly List<IDisposable> _reservations = [];

    /// <exception cref="ClusterStartException">No port is free.</exception>
    public int Next()
    {
        if (LoopbackPort.Pick(First, Last) is not ({ } port, { } reservation))
        {
            throw new ClusterStartException($"no free port was found between {First} and {Last}.");
        }

        _reservations.Add(reservation);
        return port;
    }

    /// <summary>Returns a port that the user has chosen.</summary>
    /// <exception cref="ClusterStartException">The port is not free.</exception>
    public static int Take(int port, string option) => LoopbackPort.IsFree(port) ? port : throw ClusterStartException.PortInUse(port, option);

    /// <summary>Ends the reservations.</summary>
    public void Dispose() => _reservations.ForEach(static reservation => reservation.Dispose());
}
