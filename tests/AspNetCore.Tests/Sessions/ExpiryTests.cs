using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Sessions;

/// <summary>Session expiry, seen from the browser.</summary>
public sealed class ExpiryTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    private TestSilo? _silo;

    private TestSilo Silo => _silo ?? throw new InvalidOperationException("The silo has not started.");

    public async ValueTask InitializeAsync() => _silo = await TestSilo.StartAsync(_clock);

    public ValueTask DisposeAsync() => Silo.DisposeAsync();

    [Fact]
    public async Task Session_Used_LivesOnAndEndsWhenItIsIdle()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = await lab.NewSessionAsync();
        string? token = browser.Token;

        for (int i = 0; i < 4; i++)
        {
            _clock.Advance(TimeSpan.FromMinutes(19));
            Assert.Equal("1", await lab.AskAsync(browser, session => session.GetString("a")));
        }

        _clock.Advance(TimeSpan.FromMinutes(21));
        await lab.RunAsync(browser, session =>
        {
            Assert.False(session.Exists);
            session.SetString("b", "2");
        });

        Assert.NotEqual(token, browser.Token);
        Assert.Equal(["b"], await lab.AskAsync(browser, session => session.Keys));
    }

    [Fact]
    public async Task Session_WithAnAbsoluteLifetime_EndsDespiteUse()
    {
        await using Lab lab = await StartAsync(static options => options.AbsoluteLifetime = TimeSpan.FromMinutes(30));
        using Browser browser = await lab.NewSessionAsync();

        _clock.Advance(TimeSpan.FromMinutes(15));
        Assert.True(await lab.AskAsync(browser, session => session.Exists));
        _clock.Advance(TimeSpan.FromMinutes(14));
        Assert.True(await lab.AskAsync(browser, session => session.Exists));
        _clock.Advance(TimeSpan.FromMinutes(2));

        Assert.False(await lab.AskAsync(browser, session => session.Exists));
    }

    [Fact]
    public async Task Session_WithAnIdleTimeoutOfItsOwn_EndsAtIt()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = lab.NewBrowser();
        await lab.RunAsync(browser, session =>
        {
            session.SetString("a", "1");
            session.IdleTimeout = TimeSpan.FromHours(8);
        });

        _clock.Advance(TimeSpan.FromHours(7.9));
        Assert.Equal("1", await lab.AskAsync(browser, session => session.GetString("a")));
        await lab.RunAsync(browser, session => session.IdleTimeout = TimeSpan.FromMinutes(1));
        _clock.Advance(TimeSpan.FromMinutes(1.1));

        Assert.False(await lab.AskAsync(browser, session => session.Exists));
    }

    [Fact]
    public async Task Commit_OfARequestThatOutlivedItsSession_Returns409()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = await lab.NewSessionAsync();

        using HttpResponseMessage response = await lab.SendAsync(browser, context =>
        {
            _clock.Advance(TimeSpan.FromMinutes(21));
            context.Session.SetString("a", "2");
            return Task.CompletedTask;
        });

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
    }

    /// <summary>Starts an application with the silo's clock, because calls carry their deadline.</summary>
    private Task<Lab> StartAsync(Action<OrleansSessionOptions>? configure = null) => Lab.StartAsync(Silo.Grains, builder =>
    {
        builder.Services.AddSingleton<TimeProvider>(_clock);
        builder.Services.AddOrleansSessions(configure);
    });
}
