using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Sessions;

/// <summary>A session with a secret, and the secrets of its next two rotations.</summary>
public abstract class SessionWithSecrets(ClusterFixture fixture)
{
    private protected readonly SessionTestCluster _cluster = fixture.Cluster;
    private protected readonly Frontend _frontend = fixture.Cluster.Frontend;
    private protected readonly string _key = SessionTestCluster.NewKey();
    private protected readonly SecretHash _first = Secrets.New();
    private protected readonly SecretHash _second = Secrets.New();
    private protected readonly SecretHash _third = Secrets.New();

    private protected async Task<Guid> CreateAsync() => (await _frontend.CommitAsync(_key, Secrets.Creating(_first, Entries.Set("a", "1")))).Incarnation;

    private protected async Task RotateAsync(Guid incarnation, SecretHash from, SecretHash to) =>
        Assert.Equal(CommitOutcome.Applied, (await _frontend.CommitAsync(_key, Secrets.Rotating(incarnation, from, to))).Outcome);
}
