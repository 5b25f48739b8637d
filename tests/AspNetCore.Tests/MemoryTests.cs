using System.Net;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests;

/// <summary>Memory that arbitrary clients make a frontend and its silo hold.</summary>
[Collection(typeof(AloneCollection))]
public sealed class MemoryTests(SessionCluster cluster)
{
    private const int WarmUp = 2_000;
    private const int Tokens = 15_000;

    /// <summary>Orleans interns the latest 128,000 grain keys, half a kilobyte each. A leaked activation would take several kilobytes.</summary>
    private const int AllowedBytesPerToken = 1_024;

    [Fact]
    public async Task RandomTokens_LeaveNothingBehind()
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, TestPipeline.Sessions);
        using Browser browser = app.NewBrowser();
        await AskWithUnknownTokensAsync(WarmUp);
        long before = await SettledMemory.MeasureAsync(TestContext.Current.CancellationToken);

        await AskWithUnknownTokensAsync(Tokens);

        Assert.InRange(await SettledMemory.MeasureAsync(TestContext.Current.CancellationToken) - before, long.MinValue, Tokens * AllowedBytesPerToken);

        async Task AskWithUnknownTokensAsync(int count)
        {
            for (int i = 0; i < count; i++)
            {
                browser.Token = SessionToken.Create().Value;
                using HttpResponseMessage response = await browser.GetAsync("/get/a");
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }

            app.Grains.ForgetCalls();
            app.Logs.Forget();
        }
    }
}
