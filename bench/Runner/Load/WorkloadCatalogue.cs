namespace OrleansSessions.Bench.Runner.Load;

/// <summary>Catalogue of the workloads.</summary>
internal static class WorkloadCatalogue
{
    private const int LargeBytes = 2_500;
    private const int BurstConnections = 256;
    private const int PacedConnections = 16;

    private static readonly (int Min, int Max) Pace = (5, 15);
    private static readonly RequestShare Read = new("GET", "/read");
    private static readonly RequestShare Write = new("POST", "/write");

    /// <summary>All workloads, in order of measurement. Workloads that create sessions come last, because garbage collection keeps a silo busy for a while afterwards.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("none", "no session", SessionChoice.None, new RequestShare("GET", "/none")),
        new("read", "read-only", SessionChoice.Many, Read) { IsQuick = true },
        new("write", "read+write", SessionChoice.Many, Write) { IsQuick = true },
        new("mix", "95/5 mix", SessionChoice.Many, Read with { Weight = 95 }, Write with { Weight = 5 }) { IsQuick = true },
        new("read-paced", "read-only at equal load", SessionChoice.Many, Read) { Connections = PacedConnections, Think = Pace, IsQuick = true },
        new("write-paced", "read+write at equal load", SessionChoice.Many, Write) { Connections = PacedConnections, Think = Pace, IsQuick = true },
        new("read-10k", "read-only, 10 KB", SessionChoice.Many, Read) { EntryBytes = LargeBytes },
        new("write-10k", "read+write, 10 KB", SessionChoice.Many, Write) { EntryBytes = LargeBytes },
        new("hot", "hot session", SessionChoice.One, Write) { IsQuick = true },
        new("create", "creation", SessionChoice.None, new RequestShare("POST", $"/create?bytes={Workload.UsualBytes}")) { IsQuick = true },
        new("login", "login burst", SessionChoice.Fresh, new RequestShare("POST", "/login")) { Connections = BurstConnections },
        new("signin", "sign-in burst", SessionChoice.Fresh, new RequestShare("POST", "/signin")) { Connections = BurstConnections, SignsIn = true },
    ];
}
