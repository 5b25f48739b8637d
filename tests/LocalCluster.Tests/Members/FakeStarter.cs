using OrleansSessions.LocalCluster.Failures;
using OrleansSessions.LocalCluster.Logs;
using OrleansSessions.LocalCluster.Members;

namespace OrleansSessions.LocalCluster.Tests.Members;

internal sealed class FakeStarter : IChildProcessStarter
{
    public List<FakeProcess> Started { get; } = [];

    public bool ProcessesObey { get; init; } = true;

    public bool Fails { get; init; }

    public IChildProcess Start(MemberDefinition definition, LogFile log)
    {
        if (Fails)
        {
            throw new ClusterStartException("no such program");
        }

        var process = new FakeProcess(100 + Started.Count) { Obeys = ProcessesObey };
        Started.Add(process);
        return process;
    }
}
