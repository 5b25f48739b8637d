using Microsoft.AspNetCore.Http;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Sessions;

/// <summary>A session's id, version, times and silo, and its idle timeout.</summary>
public sealed class SessionPropertyTests(SessionCluster cluster)
{
    [Fact]
    public async Task Properties_OfASession_DescribeWhatIsStored()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();
        DateTimeOffset before = DateTimeOffset.UtcNow.AddMilliseconds(-1);

        await lab.RunAsync(browser, async session =>
        {
            Assert.False(session.Exists);
            Assert.Equal(0, session.Version);
            Assert.Null(session.CreatedAt);
            Assert.Null(session.ExpiresAt);
            Assert.Null(session.Silo);
            Assert.Equal(TimeSpan.FromMinutes(20), session.IdleTimeout);

            session.SetString("a", "1");
            Assert.False(session.Exists);
            await session.CommitAsync(TestContext.Current.CancellationToken);

            AssertStored(session, 1);
        });
        await lab.RunAsync(browser, session => AssertStored(session, 1));

        void AssertStored(IOrleansSession session, long version)
        {
            Assert.True(session.Exists);
            Assert.Equal(version, session.Version);
            Assert.InRange(session.CreatedAt!.Value, before, DateTimeOffset.UtcNow);
            Assert.InRange(session.ExpiresAt!.Value, before.AddMinutes(20), DateTimeOffset.UtcNow.AddMinutes(20));
            Assert.Equal(SessionCluster.SiloName, session.Silo);
        }
    }

    [Fact]
    public async Task Id_IsStableFromTheFirstRequestOnAndIsNotTheToken()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();
        string id = await lab.AskAsync(browser, session =>
        {
            string first = session.Id;
            session.SetString("a", "1");
            Assert.Equal(first, session.Id);
            return first;
        });

        Assert.Equal(id, await lab.AskAsync(browser, session => session.Id));
        Assert.NotEqual(browser.Token, id);
        Assert.True(SessionToken.TryParse(browser.Token, out SessionToken token));
        Assert.Equal(SessionKey.For("default", token).Value, id);
    }

    [Fact]
    public async Task Id_OfARequestThatStoresNothing_SetsNoCookie()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        Assert.NotEmpty(await lab.AskAsync(browser, session => session.Id));

        Assert.Null(browser.Token);
    }

    [Fact]
    public async Task IdleTimeout_SetInTheFirstRequest_IsTheNewSessions()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, session =>
        {
            session.IdleTimeout = TimeSpan.FromDays(30);
            session.SetString("a", "1");
        });

        await lab.RunAsync(browser, session =>
        {
            Assert.Equal(TimeSpan.FromDays(30), session.IdleTimeout);
            Assert.Equal(30, (session.ExpiresAt!.Value - DateTimeOffset.UtcNow).TotalDays, 0.1);
        });
    }

    [Fact]
    public async Task IdleTimeout_SetLater_ChangesThisSessionOnly()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        using Browser other = await lab.NewSessionAsync();

        await lab.RunAsync(browser, session =>
        {
            session.IdleTimeout = TimeSpan.FromHours(8);
            Assert.Equal(TimeSpan.FromHours(8), session.IdleTimeout);
        });

        await lab.RunAsync(browser, session =>
        {
            Assert.Equal(TimeSpan.FromHours(8), session.IdleTimeout);
            Assert.Equal(8, (session.ExpiresAt!.Value - DateTimeOffset.UtcNow).TotalHours, 0.1);
            Assert.Equal("1", session.GetString("a"));
        });
        Assert.Equal(TimeSpan.FromMinutes(20), await lab.AskAsync(other, session => session.IdleTimeout));
    }

    [Fact]
    public async Task IdleTimeout_SetOnASessionThatStoresNothing_StartsNone()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, session => session.IdleTimeout = TimeSpan.FromHours(8));

        Assert.Null(browser.Token);
        Assert.Empty(lab.Grains.Calls);
    }

    [Fact]
    public async Task IdleTimeout_OutOfRange_IsRefused()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, session =>
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => session.IdleTimeout = TimeSpan.Zero);
            Assert.Throws<ArgumentOutOfRangeException>(() => session.IdleTimeout = TimeSpan.FromMilliseconds(999));
            Assert.Throws<ArgumentOutOfRangeException>(() => session.IdleTimeout = TimeSpan.FromDays(401));
        });
    }
}
