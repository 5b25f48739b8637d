using OrleansSessions.EndToEnd.Tests.Processes;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>PHP server: Debian's PHP-FPM with its own php.ini, on a Unix socket.</summary>
internal sealed class PhpFpmProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private ChildProcess? _process;

    /// <summary>The path of its socket.</summary>
    public string Socket => _folder.File("fpm.sock");

    /// <summary>Starts a server.</summary>
    /// <param name="name">The name in its responses.</param>
    /// <param name="settings">Its settings.</param>
    public static async Task<PhpFpmProcess> StartAsync(string name, PhpSettings settings)
    {
        var server = new PhpFpmProcess();
        try
        {
            await File.WriteAllTextAsync(server._folder.File("php.ini"), settings.ToIni());
            await File.WriteAllTextAsync(server._folder.File("fpm.conf"), server.Configure(name, settings));
            List<string> command =
            [
                Tools.PhpFpm, "--nodaemonize", "-y", server._folder.File("fpm.conf"), "-c", server._folder.File("php.ini"),
            ];
            if (Environment.IsPrivilegedProcess)
            {
                command.Add("--allow-to-run-as-root");
            }

            // Terminate the master gracefully: it stops its workers then, but not when killed.
            server._process = ChildProcess.Start(name, command, onParentDeath: Signal.Terminate);
            await server._process.UntilAsync("it listens", StartTimeout, () => File.Exists(server.Socket));
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Dispose();
    }

    private string Configure(string name, PhpSettings settings) => $"""
        [global]
        error_log = /dev/stderr
        log_level = warning
        [www]
        {(Environment.IsPrivilegedProcess ? "user = root" : string.Empty)}
        listen = {Socket}
        listen.backlog = 4096
        pm = static
        pm.max_children = 16
        catch_workers_output = yes
        env[SERVER_LABEL] = {name}
        env[SAMPLE] = "{Repository.Source("samples/php")}"
        env[SESSION_SAVE_PATH] = "{settings.SavePath}"

        """;
}
