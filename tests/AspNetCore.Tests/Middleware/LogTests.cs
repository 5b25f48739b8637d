using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Middleware;

/// <summary>Log output for operators.</summary>
public sealed class LogTests(SessionCluster cluster)
{
    [Fact]
    public async Task BadInput_IsNotLoggedAboveWarning()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();

        await SendAsync(context => context.Session.SetString("\0", "x"));
        await SendAsync(context => context.Session.Set("large", new byte[2 * 1024 * 1024]));
        browser.Token = "garbage and <script>";
        await SendAsync(context => context.Session.SetString("a", "1"));

        Assert.DoesNotContain(lab.Logs.Records, record => record.Level > LogLevel.Warning);

        async Task SendAsync(Action<HttpContext> handler)
        {
            using HttpResponseMessage response = await lab.SendAsync(browser, context =>
            {
                handler(context);
                return Task.CompletedTask;
            });
        }
    }

    [Fact]
    public async Task FailedCommit_IsLoggedWithItsCauseAndWithoutTheToken()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        lab.Grains.Fail(nameof(ISessionGrain.CommitAsync), new SessionUnavailableException("Redis did not answer."));

        using HttpResponseMessage response = await lab.SendAsync(browser, context =>
        {
            context.Session.SetString("a", "2");
            return Task.CompletedTask;
        });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains(lab.Logs.Records, record => record.Level >= LogLevel.Warning && record.Text.Contains("Redis did not answer.", StringComparison.Ordinal));
        Assert.DoesNotContain(lab.Logs.Records, record => record.Text.Contains(browser.Token!, StringComparison.Ordinal));
    }
}
