using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Users;

/// <summary>A session, and a user who signs in to it.</summary>
public abstract class SessionOfOneUser(EventClusterFixture fixture)
{
    private protected readonly SessionTestCluster _cluster = fixture.Cluster;
    private protected readonly Frontend _frontend = fixture.Cluster.Frontend;
    private protected readonly UserFrontend _user = fixture.Cluster.UserFrontends(UserFrontend.NewUser())[0];
    private protected readonly string _key = SessionTestCluster.NewKey();

    private protected async Task<Guid> SignInAsync(string key, string user)
    {
        CommitResult result = await _frontend.CommitAsync(key, UserFrontend.SigningIn(user, Entries.Set("a", "1")));
        Assert.Equal(CommitOutcome.Applied, result.Outcome);
        return result.Incarnation;
    }
}
