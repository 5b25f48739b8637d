namespace OrleansSessions.Architecture.Tests.Documentation.Blocks;

/// <summary>Blocks that are checked elsewhere or can't be, each with the reason.</summary>
internal static class UncheckedBlocks
{
    private const string Launcher = "Output, with ports of its run: StartTests of EndToEnd.Tests compares the rest.";
    private const string RedisCli = "Output, which RedisCliTests of EndToEnd.Tests compares.";

    /// <summary>Page, beginning of the first line, reason.</summary>
    public static readonly (string Page, string Begins, string Reason)[] All =
    [
        ("README.md", "silo-1: ready", Launcher),
        ("README.md", "$ redis-cli -p 6380 get", RedisCli),
        ("docs/administration.md", "ada    read,end", "Lines of a key file: Administration.Tests reads such files."),
        ("docs/administration.md", "$ curl -H", "Output: Administration.Tests compares the fields with those of an answer."),
        ("docs/aspire.md", "using OrleansSessions.Aspire.Hosting;", "Names that an app host's SDK generates: Aspire.Hosting.Tests runs samples/aspire, which makes these calls."),
        ("docs/configuration.md", "$ Resp__Port=70000", "Output, which WrongSettingsTests of EndToEnd.Tests compares."),
        ("docs/configuration.md", "redis.internal:6379,password=", "Connection strings: Connectivity.Tests parses both forms."),
        ("docs/configuration.md", "user sessions on >PASSWORD", "An account of Redis: EndToEnd.Tests reads it from the page and runs with it."),
        ("docs/local-cluster.md", "data: /home/you/", Launcher),
        ("docs/operations.md", "user operator on >PASSWORD", "An account of Redis, with commands that only operators use."),
        ("docs/php.md", "$ redis-cli -p 6380 get", RedisCli),
        ("docs/telemetry.md", "OTEL_EXPORTER_OTLP_ENDPOINT=", "A table of environment variables."),
        ("docs/telemetry.md", "Unhealthy", "Output, with an address of its run: DrainTests and HealthEndpointTests compare the rest."),
        ("docs/telemetry.md", "PUT /api/session/entries/{name}", "Spans, which TraceTests of EndToEnd.Tests compares with those of a write."),
    ];

    /// <summary>Returns the reason why a block is not checked; null if it is.</summary>
    public static string? Find(CodeBlock block) =>
        All.FirstOrDefault(entry => entry.Page == block.Page && block.FirstLine.StartsWith(entry.Begins, StringComparison.Ordinal)).Reason;
}
