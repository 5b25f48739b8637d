using Microsoft.Playwright;
using OrleansSessions.EndToEnd.Tests.Processes;

namespace OrleansSessions.EndToEnd.Tests.Administration;

/// <summary>Steps on the console's pages, and the cluster that has a console.</summary>
internal static class ConsolePage
{
    /// <summary>Two frontends with the console, Orleans' dashboard and an audit trail.</summary>
    /// <param name="redis">The address of Redis.</param>
    /// <param name="keys">The file of the administrators' keys.</param>
    public static Task<LocalClusterProcess> StartClusterAsync(string redis, string keys) => LocalClusterProcess.StartAsync(new LocalClusterOptions
    {
        Redis = redis,
        Frontends = 2,
        Environment = new Dictionary<string, string>
        {
            ["Administration__KeysFile"] = keys,
            ["SessionCluster__Audit__Stream"] = "orleans-sessions/audit",
            ["Dashboard__Enabled"] = "true",
        },
    });

    /// <summary>Waits until the server has sent figures twice more: an open console has had some in between.</summary>
    /// <returns>The place in the audit trail at which a browser that connects again goes on.</returns>
    public static Task<string> FiguresAsync(IPage page) => page.EvaluateAsync<string>(
        """
        () => new Promise(resolve => {
          const source = new EventSource("/console/events");
          let count = 0;
          source.addEventListener("statistics", figures => {
            if (++count === 3) {
              source.close();
              resolve(figures.lastEventId);
            }
          });
        })
        """);

    public static async Task SignInAsync(IPage page, string key)
    {
        await page.GetByLabel("Your key").FillAsync(key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }
}
