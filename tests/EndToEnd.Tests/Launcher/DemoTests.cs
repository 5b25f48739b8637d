using System.Text.Json;
using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Launcher;

/// <summary>The launcher's demo.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task Demo_ASiloIsKilled_TheVisitorsLoseNothing()
    {
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(LocalClusterOptions.Patient with { Demo = true });
        using var client = new HttpClient { BaseAddress = cluster.Url };
        string page = await client.GetStringAsync("/demo", TestContext.Current.CancellationToken);

        JsonElement killed = await UntilAsync(client, static state => state.GetProperty("kills").GetArrayLength() > 0);
        long until = killed.GetProperty("requests").GetInt64() + 100;
        JsonElement after = await UntilAsync(client, state => state.GetProperty("requests").GetInt64() >= until);

        Assert.Contains("/demo/demo.js", page);
        Assert.Equal((0, 0), (after.GetProperty("lost").GetInt64(), after.GetProperty("failed").GetInt64()));
        Assert.Contains("demo: killed silo-", cluster.Launcher.Output);
        Assert.Equal(0, await cluster.StopAsync());
    }

    private static async Task<JsonElement> UntilAsync(HttpClient client, Func<JsonElement, bool> condition)
    {
        JsonElement state = default;
        await Eventually.TrueAsync("the demo goes on", TimeSpan.FromSeconds(90), async () =>
        {
            using HttpResponseMessage response = await client.GetAsync("/demo/state", TestContext.Current.CancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                return false;
            }

            using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            state = document.RootElement.Clone();
            return condition(state);
        });
        return state;
    }
}
