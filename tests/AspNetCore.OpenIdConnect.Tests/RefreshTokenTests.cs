using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.OpenIdConnect.Tests;

/// <summary>Refresh tokens of sessions that are ended from elsewhere: a thief may have them.</summary>
public sealed class RefreshTokenTests(SessionCluster cluster)
{
    private const string LoadAsync = "LoadAsync";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EndAll_ExceptOne_RevokesTheTokensOfTheOthersOnly()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await StartAsync(provider);
        await using TestApp other = await StartAsync(provider);
        using Browser ended = await SignInAsync(app, provider);
        string endedToken = await ended.RefreshTokenAsync();
        using Browser kept = await SignInAsync(app, provider);
        string keptToken = await kept.RefreshTokenAsync();
        string keptKey = (await Users(app).ListAsync(provider.Subject, count: 1, cancellationToken: Cancellation)).Sessions.Single().SessionKey;

        Assert.Equal(1, await Users(other).EndAllAsync(provider.Subject, except: keptKey, cancellationToken: Cancellation));

        Assert.Equal(endedToken, await provider.NextRevokedAsync());
        Assert.Equal(("(nobody)", provider.Subject), (await ended.WhoAmIAsync(), await kept.WhoAmIAsync()));
        await other.StopAsync();
        Assert.DoesNotContain(keptToken, provider.RevokedTokens);
    }

    [Fact]
    public async Task EndAll_RevokesTheTokenOfEachSession()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await StartAsync(provider);
        List<string> tokens = [];
        for (int i = 0; i < 5; i++)
        {
            using Browser browser = await SignInAsync(app, provider);
            tokens.Add(await browser.RefreshTokenAsync());
        }

        Assert.Equal(tokens.Count, await Users(app).EndAllAsync(provider.Subject, cancellationToken: Cancellation));

        List<string> revoked = [];
        while (revoked.Count < tokens.Count)
        {
            revoked.Add(await provider.NextRevokedAsync());
        }

        Assert.Equal(tokens.Order(), revoked.Order());
    }

    [Fact]
    public async Task End_OfOneSession_RevokesItsToken()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await StartAsync(provider);
        using Browser ended = await SignInAsync(app, provider);
        string token = await ended.RefreshTokenAsync();
        string key = (await Users(app).ListAsync(provider.Subject, cancellationToken: Cancellation)).Sessions.Single().SessionKey;
        using Browser kept = await SignInAsync(app, provider);

        Assert.False(await Users(app).EndAsync("somebody", key, cancellationToken: Cancellation));
        Assert.True(await Users(app).EndAsync(provider.Subject, key, cancellationToken: Cancellation));

        Assert.Equal(token, await provider.NextRevokedAsync());
        await app.StopAsync();
        Assert.Equal([token], provider.RevokedTokens);
    }

    [Fact]
    public async Task Logout_ByTheProvider_RevokesTheTokenOfTheSession()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await StartAsync(provider);
        using Browser browser = await SignInAsync(app, provider);
        string token = await browser.RefreshTokenAsync();

        using HttpResponseMessage response = await app.LogOutAsync(provider.LogoutToken(claims: claims => claims["sid"] = provider.SessionId));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(token, await provider.NextRevokedAsync());
    }

    /// <summary>The user waits for the end of the sessions, not for the provider.</summary>
    [Fact]
    public async Task EndAll_WhileTheProviderDoesNotAnswer_Returns()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await StartAsync(provider);
        using Browser browser = await SignInAsync(app, provider);
        string token = await browser.RefreshTokenAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        provider.RevocationGate = gate.Task;

        Assert.Equal(1, await Users(app).EndAllAsync(provider.Subject, cancellationToken: Cancellation));

        Assert.Empty(provider.RevokedTokens);
        gate.SetResult();
        Assert.Equal(token, await provider.NextRevokedAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EndAll_WhoseTicketsCannotBeRead_EndsThemAndLogsIt(bool withoutAnswer)
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await StartAsync(provider);
        using Browser browser = await SignInAsync(app, provider);
        var never = new TaskCompletionSource<object>();
        app.Grains.EndAlways(LoadAsync, () => withoutAnswer ? never.Task : Task.FromException<object>(new SessionUnavailableException("Redis did not answer.")));

        Assert.Equal(1, await Users(app).EndAllAsync(provider.Subject, cancellationToken: Cancellation));

        app.Grains.Restore(LoadAsync);
        Assert.Equal("(nobody)", await browser.WhoAmIAsync());
        Assert.Contains(app.Logs.Records, static record => record.Level == LogLevel.Warning && record.Text.Contains("no refresh token is revoked", StringComparison.Ordinal));
    }

    [Fact]
    public async Task EndAll_WhoseCallerWaitsNoLonger_EndsThemAllTheSame()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await StartAsync(provider);
        using Browser browser = await SignInAsync(app, provider);

        Assert.Equal(1, await Users(app).EndAllAsync(provider.Subject, cancellationToken: new CancellationToken(canceled: true)));

        Assert.Equal("(nobody)", await browser.WhoAmIAsync());
    }

    [Fact]
    public async Task Frontend_ThatStops_RevokesWhatWaitsBefore()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await StartAsync(provider);
        using Browser browser = await SignInAsync(app, provider);
        string token = await browser.RefreshTokenAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        provider.RevocationGate = gate.Task;
        await Users(app).EndAllAsync(provider.Subject, cancellationToken: Cancellation);

        Task stopped = app.StopAsync();

        Assert.False(stopped.IsCompleted);
        gate.SetResult();
        await stopped;
        Assert.Equal([token], provider.RevokedTokens);
    }

    [Fact]
    public async Task EndAll_WithoutRevocation_ReadsNoTicket()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await Shop.StartAsync(cluster.Grains, provider);
        using Browser browser = await SignInAsync(app, provider);
        app.Grains.ForgetCalls();

        Assert.Equal(1, await Users(app).EndAllAsync(provider.Subject, cancellationToken: Cancellation));

        Assert.Empty(app.Grains.Calls);
    }

    private static IUserSessions Users(TestApp app) => app.Services.GetRequiredService<IUserSessions>();

    private static async Task<Browser> SignInAsync(TestApp app, Provider provider)
    {
        Browser browser = app.NewShopBrowser();
        await browser.SignInAsync(provider);
        return browser;
    }

    private Task<TestApp> StartAsync(Provider provider) => Shop.StartAsync(cluster.Grains, provider, static options => options.RevokeRefreshTokens = true);
}
