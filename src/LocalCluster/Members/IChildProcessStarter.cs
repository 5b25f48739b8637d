using OrleansSessions.LocalCluster.Failures;
using OrleansSessions.LocalCluster.Logs;

namespace OrleansSessions.LocalCluster.Members;

internal interface IChildProcessStarter
{
    /// <summary>Starts a member's process; its output goes to <paramref name="log"/>.</summary>
    /// <exception cref="ClusterStartException">The process cannot be started.</exception>
    IChildProcess Start(MemberDefinition definition, LogFile log);
}
