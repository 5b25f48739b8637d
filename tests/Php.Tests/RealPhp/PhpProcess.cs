using System.Diagnostics;
using System.Text;
using OrleansSessions.Php.Tests.RealPhp;

[assembly: AssemblyFixture(typeof(PhpProcess))]

namespace OrleansSessions.Php.Tests.RealPhp;

/// <summary>Running PHP process that evaluates values and sessions (answers.php). Without PHP, its tests are skipped, or fail if CI=true.</summary>
public sealed class PhpProcess : IDisposable
{
    private readonly Lock _turn = new();
    private Process? _process;

    /// <summary>PHP's answer; null if it can't read the input.</summary>
    internal byte[]? Ask(string operation, params IEnumerable<byte[]> arguments)
    {
        lock (_turn)
        {
            _process ??= Start();
            _process.StandardInput.WriteLine(string.Join(' ', [operation, .. arguments.Select(Convert.ToBase64String)]));
            string answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"PHP ended at: {operation}");
            return answer == "!" ? null : Convert.FromBase64String(answer);
        }
    }

    internal byte[]? Ask(string operation, params IEnumerable<string> arguments) => Ask(operation, arguments.Select(Encoding.UTF8.GetBytes));

    /// <summary>The value of <c>session.serialize_handler</c>.</summary>
    internal static byte[] NameOf(PhpHandler handler) => handler == PhpHandler.Php ? "php"u8.ToArray() : "php_serialize"u8.ToArray();

    /// <summary>Skips the test if there is no PHP.</summary>
    internal static void Require() => Assert.SkipUnless(
        Environment.GetEnvironmentVariable("CI") == "true" || Folders().Any(folder => File.Exists(Path.Combine(folder, "php"))), "php is not installed.");

    public void Dispose()
    {
        if (_process is null)
        {
            return;
        }

        // End of input ends the script.
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static string[] Folders() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static Process Start() => Process.Start(new ProcessStartInfo("php")
    {
        // PHP's default settings, without this machine's configuration.
        ArgumentList =
        {
            "-n", "-d", "display_errors=0", "-d", "log_errors=0", "-d", "serialize_precision=-1",
            "-d", "session.use_cookies=0", "-d", "session.use_only_cookies=0", "-d", "session.cache_limiter=", "-d", "session.lazy_write=0",
            Path.Combine(AppContext.BaseDirectory, "RealPhp", "answers.php"),
        },
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;
}
