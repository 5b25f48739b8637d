using System.Globalization;

namespace OrleansSessions.EndToEnd.Tests.Processes;

/// <summary>
/// Debian's redis-server on a free loopback port, with an append-only file flushed every second. It can be stopped and restarted on the same port and data.
/// </summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _command;
    private ChildProcess? _process;

    private RedisProcess(string? password, bool tls, IEnumerable<string> options)
    {
        string port = Port.ToString(CultureInfo.InvariantCulture);
        _command =
        [
            Tools.Find(Tools.RedisServer), "--bind", "127.0.0.1", "--dir", _folder.Path,
            "--appendonly", "yes", "--appendfsync", "everysec", "--save", string.Empty,
        ];
        if (password is not null)
        {
            _command.AddRange(["--requirepass", password]);
        }

        if (tls)
        {
            Certificate = RedisCertificate.Create(_folder);
            _command.AddRange(["--port", "0", "--tls-port", port, "--tls-auth-clients", "no"]);
            _command.AddRange(["--tls-ca-cert-file", Certificate.AuthorityFile]);
            _command.AddRange(["--tls-cert-file", Certificate.CertificateFile, "--tls-key-file", Certificate.KeyFile]);
        }
        else
        {
            _command.AddRange(["--port", port]);
        }

        _command.AddRange(options);
    }

    public int Port { get; } = LoopbackPort.Next();

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>The certificate files, if it speaks TLS.</summary>
    public RedisCertificate? Certificate { get; }

    /// <summary>The files of its append-only log.</summary>
    public IEnumerable<string> AppendOnlyFiles => Directory.EnumerateFiles(_folder.File("appendonlydir"));

    public string Output => _process?.Output ?? string.Empty;

    /// <summary>Starts it.</summary>
    /// <param name="password">The password of the user <c>default</c>.</param>
    /// <param name="tls">Whether it accepts TLS only.</param>
    /// <param name="options">Further options, which take precedence.</param>
    public static async Task<RedisProcess> StartAsync(string? password = null, bool tls = false, IEnumerable<string>? options = null)
    {
        var redis = new RedisProcess(password, tls, options ?? []);
        try
        {
            await redis.StartAgainAsync();
            return redis;
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    /// <summary>Restarts it after <see cref="StopAsync"/>, with its data.</summary>
    public async Task StartAgainAsync()
    {
        ChildProcess process = ChildProcess.Start("redis", _command);
        _process = process;
        await process.UntilAsync("it accepts connections", StartTimeout, () => process.Output.Contains("Ready to accept connections", StringComparison.Ordinal));
    }

    /// <summary>Stops it: with <see cref="Signal.Terminate"/> it flushes its data first, with <see cref="Signal.Kill"/> it doesn't.</summary>
    public async Task StopAsync(Signal signal = Signal.Terminate)
    {
        if (_process is { } process)
        {
            await process.StopAsync(signal, StartTimeout);
            await process.DisposeAsync();
            _process = null;
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
}
