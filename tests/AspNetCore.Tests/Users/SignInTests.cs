using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using StackExchange.Redis;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Users;

/// <summary>Sessions that are signed in, and the list of a user's sessions.</summary>
public sealed class SignInTests(SessionCluster cluster)
{
    private readonly string _userId = $"ada-{Guid.NewGuid()}@example.com";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SignIn_IsOneCallThatRotatesAndCarriesTheEntries()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = await lab.NewSessionAsync();
        using Browser old = browser.Clone();

        await lab.RunAsync(browser, async session =>
        {
            session.SetString("name", "ada");
            await session.SignInAsync(_userId, new() { Method = "pwd", Tags = ["tenant:acme"] }, Cancellation);
            Assert.Equal("pwd", session.Identity!.Method);
        });

        Assert.Equal(["LoadAsync", "CommitAsync"], lab.Grains.Methods);
        SessionCommit commit = Assert.Single(lab.Grains.Commits);
        Assert.NotNull(commit.Rotation);
        Assert.NotEqual(old.Token, browser.Token);
        SessionIdentity? identity = await lab.AskAsync(browser, session => session.Identity);
        Assert.Equal((commit.SignIn!.User, "pwd"), (identity!.User, identity.Method));
        Assert.Equal("1", await lab.AskAsync(browser, session => session.GetString("a")));
        Assert.Equal("ada", await lab.AskAsync(browser, session => session.GetString("name")));
    }

    /// <summary>
    /// Fixation: a planted token must not read the session that its victim signs in, not even for a moment. The victim's own requests under way carry it too: they are
    /// anonymous, keep the browser's new cookie, and end nothing.
    /// </summary>
    [Fact]
    public async Task OldToken_AfterASignIn_OpensNothingAtOnceAndEndsNothing()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = await lab.NewSessionAsync();
        using Browser old = browser.Clone();
        await SignInAsync(lab, browser);

        using HttpResponseMessage read = await lab.SendAsync(old, context =>
        {
            Assert.False(context.GetOrleansSession().Exists);
            return Task.CompletedTask;
        });
        using HttpResponseMessage write = await lab.SendAsync(old, context =>
        {
            context.Session.SetString("a", "2");
            return Task.CompletedTask;
        });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Conflict), (read.StatusCode, write.StatusCode));
        Assert.Empty(read.SetCookies());
        Assert.Empty(write.SetCookies());
        Assert.Equal("1", await lab.AskAsync(browser, session => session.GetString("a")));
        Assert.NotNull(await lab.AskAsync(browser, session => session.Identity));
    }

    [Fact]
    public async Task SignIn_OfANewVisitor_StartsASession()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = lab.NewBrowser();

        await SignInAsync(lab, browser);

        Assert.Equal(["CommitAsync"], lab.Grains.Methods);
        Assert.NotNull(await lab.AskAsync(browser, session => session.Identity));
    }

    [Fact]
    public async Task SignIn_TellsTheDeviceOfTheRequest()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = lab.NewBrowser();
        using HttpResponseMessage response = await lab.SendAsync(browser, async context =>
        {
            context.Request.Headers.UserAgent = new string('x', 300);
            context.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.7");
            await context.GetOrleansSession().SignInAsync(_userId, new() { Label = "Ada's phone" }, Cancellation);
        });

        UserSession listed = Assert.Single((await ListAsync(lab, browser)).Sessions);

        Assert.Equal(new() { UserAgent = new string('x', 256), Address = "192.0.2.7", Label = "Ada's phone" }, listed.Description.Device);
        Assert.Equal(listed.SessionKey, await lab.AskAsync(browser, session => session.Id));
    }

    [Fact]
    public async Task SignIn_OfATokenWithoutASecret_MovesTheSessionFirst()
    {
        await using Lab lab = await StartAsync(options => options.SharedWithPhp = true);
        using Browser browser = await lab.NewSessionAsync();
        using Browser old = browser.Clone();

        await SignInAsync(lab, browser);

        Assert.Equal(["LoadAsync", "RotateAsync", "CommitAsync"], lab.Grains.Methods);
        Assert.Equal("1", await lab.AskAsync(browser, session => session.GetString("a")));
        Assert.NotNull(await lab.AskAsync(browser, session => session.Identity));
        Assert.Null(await lab.AskAsync(old, session => session.Identity));
        Assert.Equal(await lab.AskAsync(browser, session => session.Id), Assert.Single((await ListAsync(lab, browser)).Sessions).SessionKey);
    }

    [Fact]
    public async Task EndAll_ExceptTheOwn_SignsTheOthersOut()
    {
        await using Lab lab = await StartAsync();
        using Browser own = lab.NewBrowser();
        using Browser other = lab.NewBrowser();
        await SignInAsync(lab, own);
        await SignInAsync(lab, other);

        int ended = 0;
        using HttpResponseMessage response = await lab.SendAsync(own, async context =>
            ended = await SessionsOf(context).EndAllAsync(_userId, except: context.Session.Id, cancellationToken: Cancellation));

        Assert.Equal(1, ended);
        Assert.Null(await lab.AskAsync(other, session => session.Identity));
        Assert.NotNull(await lab.AskAsync(own, session => session.Identity));
    }

    [Fact]
    public async Task SignOut_EndsTheSessionAndItsPlaceInTheList()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = lab.NewBrowser();
        await SignInAsync(lab, browser);

        await lab.RunAsync(browser, session => session.SignOutAsync(Cancellation));

        Assert.Null(browser.Token);
        Assert.Empty((await ListAsync(lab, browser)).Sessions);
    }

    [Fact]
    public async Task SignIn_WithoutASecret_FailsNamingTheOption()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, async session =>
        {
            var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => session.SignInAsync(_userId, cancellationToken: Cancellation));
            Assert.Contains("Sessions:UserKeySecret", refusal.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task SignIn_BeyondTheLimit_IsAnswered409()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = lab.NewBrowser();
        lab.Grains.Answer("CommitAsync", new CommitResult { Outcome = CommitOutcome.TooManySessions });

        using HttpResponseMessage response = await lab.SendAsync(browser, context => context.GetOrleansSession().SignInAsync(_userId, cancellationToken: Cancellation));

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains("Too many sessions", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Null(browser.Token);
    }

    [Fact]
    public async Task SignIn_WithTooManyTags_IsRefused()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, session => Assert.ThrowsAsync<ArgumentException>(() =>
            session.SignInAsync(_userId, new() { Tags = [.. Enumerable.Repeat("a", 9)] }, Cancellation)));
    }

    [Fact]
    public async Task UserId_IsNeitherSentNorLoggedNorStored()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = lab.NewBrowser();

        await SignInAsync(lab, browser);
        await ListAsync(lab, browser);

        Assert.DoesNotContain(_userId, Assert.Single(lab.Grains.Commits).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(lab.Logs.Records, record => record.Text.Contains(_userId, StringComparison.Ordinal));
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(cluster.Store.ConnectionString);
        IServer server = redis.GetServers()[0];
        string user = lab.Grains.Commits[0].SignIn!.User;
        List<string> userKeys = [];
        await foreach (RedisKey key in server.KeysAsync().WithCancellation(Cancellation))
        {
            Assert.DoesNotContain(_userId, key.ToString(), StringComparison.Ordinal);
            if (await redis.GetDatabase().KeyTypeAsync(key) == RedisType.Hash)
            {
                HashEntry[] fields = await redis.GetDatabase().HashGetAllAsync(key);
                Assert.DoesNotContain(fields, field => Encoding.UTF8.GetString(field.Value!).Contains(_userId, StringComparison.Ordinal));
            }

            userKeys.AddRange(key.ToString().EndsWith(user, StringComparison.Ordinal) ? [key.ToString()] : []);
        }

        Assert.Equal($"{SessionCluster.ClusterId}/user/{user}", Assert.Single(userKeys));
    }

    private static IUserSessions SessionsOf(HttpContext context) => context.RequestServices.GetRequiredService<IUserSessions>();

    private Task<Lab> StartAsync(Action<OrleansSessionOptions>? configure = null) => Lab.StartAsync(
        cluster.Grains,
        (WebApplicationBuilder builder) => builder.Services.Configure<OrleansSessionOptions>(options =>
        {
            options.UserKeySecret = Convert.ToBase64String(new byte[UserKey.MinSecretBytes]);
            configure?.Invoke(options);
        }));

    private Task SignInAsync(Lab lab, Browser browser) =>
        lab.RunAsync(browser, session => session.SignInAsync(_userId, cancellationToken: Cancellation));

    private async Task<UserSessionPage> ListAsync(Lab lab, Browser browser)
    {
        UserSessionPage? page = null;
        using HttpResponseMessage response = await lab.SendAsync(
            browser, async context => page = await SessionsOf(context).ListAsync(_userId, cancellationToken: Cancellation));
        return page!;
    }
}
