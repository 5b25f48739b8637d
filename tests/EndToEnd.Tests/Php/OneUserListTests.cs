using System.Net;
using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.EndToEnd.Tests.Steps;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>User who is signed in by .NET in one browser and by PHP in another.</summary>
public sealed class OneUserListTests
{
    [Fact]
    public async Task Sessions_OfDotNetAndPhp_AreInOneListAndEndTogether()
    {
        PhpStore.RequireTools();
        string secret = Convert.ToBase64String(new byte[32]);
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using MemberProcess silo = MemberProcess.StartSilo(redis.Address, new Dictionary<string, string> { ["Resp__UserKeySecret"] = secret });
        await using MemberProcess frontend = MemberProcess.StartFrontend(redis.Address, new Dictionary<string, string> { ["Sessions__UserKeySecret"] = secret });
        await silo.UntilAsync("/healthz/ready", HttpStatusCode.OK);
        await frontend.UntilAsync("/healthz/ready", HttpStatusCode.OK);
        await using PhpSite site = await PhpSite.StartAsync(new PhpSettings(silo.Resp));
        using var php = new PhpBrowser(site);
        using var dotnet = new CustomerBrowser(frontend.Url, frontend.Url);

        await php.SetJsonAsync("_user", "\"grace\"");
        using HttpResponseMessage signedIn = await dotnet.SignInAsync("grace");
        string[] devices = await dotnet.DevicesAsync();
        using HttpResponseMessage ended = await dotnet.EndOthersAsync();

        Assert.Equal(2, devices.Length);
        Assert.Contains(dotnet.Key, devices);
        Assert.Empty((await php.ReadAsync()).Entries);
        Assert.Equal([dotnet.Key], await dotnet.DevicesAsync());
    }
}
