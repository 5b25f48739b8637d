using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Tickets;

/// <summary>Sign-outs and the end of all of a user's tickets, seen by browsers at two frontends.</summary>
public sealed class TicketEndTests(SessionCluster cluster)
{
    private readonly string _ada = $"ada-{Guid.NewGuid()}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SignOut_EndsTheTicketForEveryCopyOfTheCookieOnEveryFrontend()
    {
        await using TestApp first = await TicketApp.StartAsync(cluster.Grains);
        await using TestApp second = await TicketApp.StartAsync(cluster.Grains);
        using Browser browser = first.NewTicketBrowser();
        await browser.SignInAsync(_ada);
        using Browser copy = browser.Clone();

        using HttpResponseMessage response = await browser.PostAsync("/sign-out");

        Assert.Null(browser.Token);
        Assert.Equal("(nobody)", await copy.WhoAmIAsync());
        Assert.Equal("(nobody)", await copy.At(second).WhoAmIAsync());
        Assert.Empty((await first.Users().ListAsync(_ada, cancellationToken: Cancellation)).Sessions);
    }

    [Fact]
    public async Task SignOut_AfterSigningInInTheSameRequest_EndsTheNewTicket()
    {
        await using TestApp app = await TicketApp.StartAsync(cluster.Grains, endpoints: app => app.MapPost("/both", async (HttpContext context) =>
        {
            await context.SignInAsync(TicketApp.PrincipalOf(_ada));
            await context.SignOutAsync();
        }));
        using Browser browser = app.NewTicketBrowser();

        using HttpResponseMessage response = await browser.PostAsync("/both");

        Assert.Equal("(nobody)", await browser.WhoAmIAsync());
        Assert.Empty((await app.Users().ListAsync(_ada, cancellationToken: Cancellation)).Sessions);
    }

    [Fact]
    public async Task EndAll_MakesTheNextRequestAnonymousOnEveryFrontend()
    {
        await using TestApp first = await TicketApp.StartAsync(cluster.Grains);
        await using TestApp second = await TicketApp.StartAsync(cluster.Grains);
        using Browser phone = first.NewTicketBrowser();
        using Browser laptop = second.NewTicketBrowser();
        await phone.SignInAsync(_ada);
        await laptop.SignInAsync(_ada);

        Assert.Equal(2, await first.Users().EndAllAsync(_ada, cancellationToken: Cancellation));

        Assert.Equal("(nobody)", await phone.WhoAmIAsync());
        Assert.Equal("(nobody)", await phone.At(second).WhoAmIAsync());
        Assert.Equal("(nobody)", await laptop.WhoAmIAsync());
    }

    [Fact]
    public async Task EndAll_ExceptTheRequestsOwnTicket_KeepsIt()
    {
        await using TestApp app = await TicketApp.StartAsync(cluster.Grains, endpoints: app => app.MapPost(
            "/end-others", (HttpContext context, IUserSessions users) => users.EndAllAsync(_ada, except: context.GetTicketSessionKey(), cancellationToken: Cancellation)));
        using Browser own = app.NewTicketBrowser();
        using Browser other = app.NewTicketBrowser();
        await own.SignInAsync(_ada);
        await other.SignInAsync(_ada);

        using HttpResponseMessage response = await own.PostAsync("/end-others");

        Assert.Equal("1", await response.TextAsync());
        Assert.Equal(_ada, await own.WhoAmIAsync());
        Assert.Equal("(nobody)", await other.WhoAmIAsync());
    }
}
