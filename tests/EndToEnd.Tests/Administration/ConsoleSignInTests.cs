using System.Net;
using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Administration;

/// <summary>An administrator's sign-in to the console, and its end.</summary>
public sealed class ConsoleSignInTests
{
    private static readonly string Ada = new('a', 43);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task SignOut_EndsEveryCopyOfTheCookieOnEveryFrontend()
    {
        using var folder = new TemporaryFolder();
        await using LocalClusterProcess cluster = await StartAsync(folder);
        using var browser = new ConsoleBrowser(cluster.Status.Frontends[0].Url);
        await browser.SignInAsync(Ada);
        using ConsoleBrowser copy = browser.Clone(cluster.Status.Frontends[0].Url);
        using ConsoleBrowser otherCopy = browser.Clone(cluster.Status.Frontends[1].Url);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await copy.OpenAsync(), await otherCopy.OpenAsync()));

        await browser.SignOutAsync();

        Assert.Equal(HttpStatusCode.Redirect, await browser.OpenAsync());
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.Redirect), (await copy.OpenAsync(), await otherCopy.OpenAsync()));
    }

    [Fact]
    public async Task SignIn_InUse_EndsWithItsAbsoluteLifetime()
    {
        using var folder = new TemporaryFolder();
        await using LocalClusterProcess cluster = await StartAsync(folder, ("Console__IdleTimeout", "00:00:12"), ("Console__AbsoluteLifetime", "00:00:20"));
        using var browser = new ConsoleBrowser(cluster.Status.Frontends[0].Url);
        await browser.SignInAsync(Ada);
        Assert.Equal(HttpStatusCode.OK, await browser.OpenAsync());

        await Eventually.TrueAsync("the sign-in has ended", Soon, async () => await browser.OpenAsync() == HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Cookie_WhereSecureIsRequired_IsNamedSo()
    {
        using var folder = new TemporaryFolder();
        await using LocalClusterProcess cluster = await StartAsync(folder, ("Sessions__Cookie__SecurePolicy", "Always"));
        using var browser = new ConsoleBrowser(cluster.Status.Frontends[0].Url);

        await browser.SignInAsync(Ada);

        Assert.StartsWith("__Secure-shop.console=", browser.SetCookie, StringComparison.Ordinal);
        Assert.EndsWith("; path=/console; secure; samesite=strict; httponly", browser.SetCookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await browser.OpenAsync());
    }

    [Fact]
    public async Task Console_WithoutSilos_Answers503()
    {
        using var folder = new TemporaryFolder();
        await using LocalClusterProcess cluster = await StartAsync(folder);
        using var browser = new ConsoleBrowser(cluster.Status.Frontends[0].Url);
        await browser.SignInAsync(Ada);

        foreach (SiloStatus silo in cluster.Status.Silos)
        {
            cluster.Member(silo.Pid).Send(Signal.Kill);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await browser.OpenAsync());
    }

    private static async Task<LocalClusterProcess> StartAsync(TemporaryFolder folder, params (string Name, string Value)[] settings)
    {
        string keys = folder.File("administrators");
        await File.WriteAllTextAsync(keys, $"ada read,end {Ada}\n", TestContext.Current.CancellationToken);
        return await LocalClusterProcess.StartAsync(new LocalClusterOptions
        {
            Silos = 1,
            Frontends = 2,
            Environment = settings.Append((Name: "Administration__KeysFile", Value: keys)).ToDictionary(static set => set.Name, static set => set.Value),
        });
    }
}
