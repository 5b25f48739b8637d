using OrleansSessions.EndToEnd.Tests.Processes;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>PHP site: two PHP servers behind nginx, round robin.</summary>
internal sealed class PhpSite : IAsyncDisposable
{
    private readonly List<PhpFpmProcess> _servers = [];
    private NginxProcess? _nginx;

    private PhpSite()
    {
    }

    public Uri Url => _nginx?.Url ?? throw new InvalidOperationException("The site is not started.");

    /// <summary>Starts a site with the test's own scripts.</summary>
    public static Task<PhpSite> StartAsync(PhpSettings settings) => StartAsync(settings, Repository.Source("tests/EndToEnd.Tests/Php/www"));

    /// <summary>Starts a site with the scripts in a folder.</summary>
    public static async Task<PhpSite> StartAsync(PhpSettings settings, string folder)
    {
        var site = new PhpSite();
        try
        {
            site._servers.Add(await PhpFpmProcess.StartAsync("php-1", settings));
            site._servers.Add(await PhpFpmProcess.StartAsync("php-2", settings));
            site._nginx = await NginxProcess.StartAsync(port => NginxConfiguration.Php(port, site._servers.Select(server => server.Socket), folder));
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_nginx is not null)
        {
            await _nginx.DisposeAsync();
        }

        foreach (PhpFpmProcess server in _servers)
        {
            await server.DisposeAsync();
        }
    }
}
