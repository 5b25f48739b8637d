using System.Globalization;
using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.EndToEnd.Tests.Sessions;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>The sample's single command: two PHP servers and two ASP.NET Core servers behind one nginx, with one session.</summary>
public sealed class SampleTests : IAsyncLifetime
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = LoopbackPort.Next();
    private ChildProcess? _sample;

    private ChildProcess Sample => _sample!;

    public async ValueTask InitializeAsync()
    {
        PhpStore.RequireTools();
        string[] command =
        [
            "bash", Repository.Source("samples/php/run.sh"), "--no-build", "--data", _folder.File("data"),
            "--port", _port.ToString(CultureInfo.InvariantCulture), "--resp-port", LoopbackPort.Next().ToString(CultureInfo.InvariantCulture),
        ];
        _sample = ChildProcess.Start("sample", command, onParentDeath: Signal.Terminate);
        await _sample.UntilAsync("it says where it is", StartTimeout, () => _sample.Output.Contains("ASP.NET Core: http", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sample_Started_ServesOneSessionFromFourServersAndEndsWithAllItsProcesses()
    {
        var url = new Uri($"http://localhost:{_port}");
        using var php = new PhpBrowser(url);
        await php.OpenAsync("/index.php");
        using var aspNet = new Browser(url);
        aspNet.SetCookie(PhpBrowser.CookieName, php.SessionId!);
        HashSet<string> servers = [];
        for (int visits = 2; visits <= 7; visits++)
        {
            string page = await php.OpenAsync("/index.php");
            Assert.Contains($"<td>visits<td>{visits}<td>", page);
            servers.Add(page.Split("class=\"server\">")[1].Split('<')[0]);

            SessionView view = await aspNet.GetAsync();
            Assert.Equal($"{visits}", view["visits"]);
            servers.Add(view.Frontend!);
        }

        Assert.Equal(8, await aspNet.IncrementAsync("visits"));
        Assert.Contains("<td>visits<td>9<td>", await php.OpenAsync("/index.php"));
        await aspNet.PutAsync("greeting", "from .NET");
        Assert.Contains("<td>greeting<td>&quot;from .NET&quot;<td>", await php.SubmitAsync("/index.php", ("do", "set"), ("name", "answer"), ("value", "from PHP")));
        Assert.Equal("from PHP", (await aspNet.GetAsync())["answer"]);
        Assert.Equal(["frontend-1", "frontend-2", "php-1", "php-2"], servers.Order());

        Assert.InRange(Sample.Processes.Count, 10, 100);
        Assert.Equal(0, await Sample.StopAsync(Signal.Interrupt, StopTimeout));
        await Eventually.TrueAsync("all its processes are gone", StopTimeout, () => Sample.Processes.Count == 0);
    }

    public async ValueTask DisposeAsync()
    {
        if (_sample is not null)
        {
            await _sample.DisposeAsync();
        }

        _folder.Dispose();
    }
}
