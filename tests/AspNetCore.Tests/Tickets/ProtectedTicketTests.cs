using System.Text;
using Microsoft.Extensions.Logging;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using StackExchange.Redis;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Tickets;

/// <summary>Protection of stored tickets: Redis shows nothing of them, and a copy opens no other session.</summary>
public sealed class ProtectedTicketTests(SessionCluster cluster)
{
    private readonly string _ada = $"ada-{Guid.NewGuid()}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Redis_ShowsNeitherClaimsNorTheUserId()
    {
        await using TestApp app = await TicketApp.StartAsync(cluster.Grains);
        using Browser browser = app.NewTicketBrowser();

        await browser.SignInAsync(_ada);

        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(cluster.Store.ConnectionString);
        int tickets = 0;
        await foreach (RedisKey key in redis.GetServers()[0].KeysAsync().WithCancellation(Cancellation))
        {
            Assert.DoesNotContain(_ada, key.ToString(), StringComparison.Ordinal);
            if (await redis.GetDatabase().KeyTypeAsync(key) == RedisType.Hash)
            {
                string stored = string.Concat((await redis.GetDatabase().HashGetAllAsync(key)).Select(static field => Encoding.Latin1.GetString(field.Value!)));
                Assert.DoesNotContain(_ada, stored, StringComparison.Ordinal);
                tickets += key.ToString().Contains(Assert.Single(app.Grains.Calls).Key, StringComparison.Ordinal) ? 1 : 0;
            }
        }

        Assert.Equal(1, tickets);
        Assert.DoesNotContain(
            app.Logs.Records,
            record => record.Category.StartsWith("OrleansSessions", StringComparison.Ordinal) && record.Text.Contains(_ada, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ticket_CopiedToAnotherSessionInTheCluster_IsRefused()
    {
        await using TestApp app = await TicketApp.StartAsync(cluster.Grains);
        using Browser victim = app.NewTicketBrowser();
        using Browser attacker = app.NewTicketBrowser();
        await victim.SignInAsync(_ada);
        await attacker.SignInAsync("mallory-" + _ada);
        SessionChange ticket = app.Grains.Commits[0].Changes[0];

        var session = cluster.Grains.GetGrain<ISessionGrain>(app.Grains.Calls[1].Key);
        var copy = new SessionCommit
        {
            OperationId = Guid.NewGuid(),
            BasedOn = (await UnansweredCalls.RepeatAsync(session.DescribeAsync))!.Incarnation,
            Changes = [SessionChange.Set(ticket.Name, ticket.Value!)],
        };
        await UnansweredCalls.RepeatAsync(() => session.CommitAsync(copy));

        Assert.Equal("(nobody)", await attacker.WhoAmIAsync());
        Assert.Contains(app.Logs.Records, record => record.Level == LogLevel.Warning && record.Text.Contains("is refused", StringComparison.Ordinal));
    }
}
