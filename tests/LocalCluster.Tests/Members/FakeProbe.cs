using OrleansSessions.LocalCluster.Members;

namespace OrleansSessions.LocalCluster.Tests.Members;

internal sealed class FakeProbe : IReadinessProbe
{
    public volatile bool Ready = true;

    public Task<MemberHealth> AskAsync(Uri url, CancellationToken cancellationToken) => Task.FromResult(Ready ? MemberHealth.Ready : MemberHealth.Answering);
}
