using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Processes;

/// <summary>
/// External programs that some tests need. If one is missing, its tests are skipped; on a CI machine they fail.
/// </summary>
internal static class Tools
{
    public const string RedisServer = "redis-server";
    public const string RedisCli = "redis-cli";
    public const string Node = "node";
    public const string Nginx = "nginx";
    public const string RedisPy = "/usr/lib/python3/dist-packages/redis";
    public const string Chromium = "chromium";
    public const string NginxStream = "/usr/lib/nginx/modules/ngx_stream_module.so";

    /// <summary>Debian's command contains PHP's version.</summary>
    public static string PhpFpm { get; } = FindOne("/usr/sbin", "php-fpm*") ?? "php-fpm";

    /// <summary>phpredis, PHP's extension.</summary>
    public static string PhpRedis { get; } = FindOne("/usr/lib/php", "redis.so") ?? "phpredis";

    /// <summary>Whether this is a CI machine, where no test is skipped.</summary>
    public static bool IsContinuousIntegration => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Whether a program is available.</summary>
    public static bool Has(string program) => IsContinuousIntegration || Candidates(program).Any(Path.Exists);

    /// <summary>Skips the running test if a program is missing.</summary>
    public static void Require(string program) => Assert.SkipUnless(Has(program), $"{program} is not installed.");

    /// <summary>The program's path, or its bare name if it is not installed.</summary>
    public static string Find(string program) => Candidates(program).FirstOrDefault(File.Exists) ?? program;

    // Debian keeps nginx in /usr/sbin, which many users' PATH lacks.
    private static IEnumerable<string> Candidates(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Append("/usr/sbin").Select(folder => Path.Combine(folder, program));

    private static string? FindOne(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal).LastOrDefault() : null;
}
