namespace OrleansSessions.Bench.Runner.Stacks;

/// <summary>Catalogue of the stacks, in groups.</summary>
internal static class StackCatalogue
{
    public static IReadOnlyList<StackGroup> Groups { get; } =
    [
        new("one", "One ASP.NET Core frontend",
        [
            new("aspnet-redis", "`UseSession` + Redis cache, tuned (the peer)", FrontendKind.AspNetCore, SessionHome.RedisCacheOnThreadPool) { IsQuick = true },
            new("aspnet-redis-stock", "the same as it comes", FrontendKind.AspNetCore, SessionHome.RedisCache),
            new("aspnet-store", "`UseSession` + our store, 2 silos", FrontendKind.AspNetCore, SessionHome.Store) { Silos = 2 },
            new("client-1", "ours, client of 1 silo", FrontendKind.AspNetCore, SessionHome.Client) { Silos = 1, IsQuick = true },
            new("client-2", "ours, client of 2 silos", FrontendKind.AspNetCore, SessionHome.Client) { Silos = 2 },
            new("cohost", "ours, co-hosted with the silo", FrontendKind.AspNetCore, SessionHome.CoHost) { IsQuick = true },
        ]),
        new("three", "Three ASP.NET Core frontends behind nginx",
        [
            new("aspnet-redis-x3", "`UseSession` + Redis cache, tuned, round robin", FrontendKind.AspNetCore, SessionHome.RedisCacheOnThreadPool)
            {
                Frontends = 3,
                Balancing = Balancing.RoundRobin,
            },
            ThreeFrontends("client-x3", "ours, clients of 2 silos, round robin", silos: 2),
            new("cohost-x3", "ours, co-hosted, round robin", FrontendKind.AspNetCore, SessionHome.CoHost)
            {
                Frontends = 3,
                Balancing = Balancing.RoundRobin,
            },
            new("cohost-x3-cookie", "ours, co-hosted, by cookie", FrontendKind.AspNetCore, SessionHome.CoHost)
            {
                Frontends = 3,
                Balancing = Balancing.Cookie,
            },
        ])
        {
            Workloads = ["read", "write", "mix", "read-paced", "write-paced"],
        },
        new("scale", "One ASP.NET Core frontend and three; more silos, and silos of one core each",
        [
            new("silos-1", "client of 1 silo", FrontendKind.AspNetCore, SessionHome.Client) { Silos = 1 },
            new("silos-2", "client of 2 silos", FrontendKind.AspNetCore, SessionHome.Client) { Silos = 2 },
            new("silos-4", "client of 4 silos", FrontendKind.AspNetCore, SessionHome.Client) { Silos = 4 },
            new("silos-1-quota", "client of 1 silo with a quota of 1 core", FrontendKind.AspNetCore, SessionHome.Client) { Silos = 1, CoreLimit = CoreLimit.Quota },
            new("silos-1-core", "client of 1 silo on 1 core", FrontendKind.AspNetCore, SessionHome.Client) { Silos = 1, CoreLimit = CoreLimit.OneCore },
            new("silos-2-core", "client of 2 silos on 1 core each", FrontendKind.AspNetCore, SessionHome.Client) { Silos = 2, CoreLimit = CoreLimit.OneCore },
            new("silos-4-core", "client of 4 silos on 1 core each", FrontendKind.AspNetCore, SessionHome.Client) { Silos = 4, CoreLimit = CoreLimit.OneCore },
            ThreeFrontends("silos-1-x3", "three clients of 1 silo", silos: 1),
            ThreeFrontends("silos-2-x3", "three clients of 2 silos", silos: 2),
            ThreeFrontends("silos-4-x3", "three clients of 4 silos", silos: 4),
            new("cohost-free", "co-hosted", FrontendKind.AspNetCore, SessionHome.CoHost),
            new("cohost-quota", "co-hosted, with a quota of 1 core", FrontendKind.AspNetCore, SessionHome.CoHost) { CoreLimit = CoreLimit.Quota },
            new("cohost-core", "co-hosted, on 1 core", FrontendKind.AspNetCore, SessionHome.CoHost) { CoreLimit = CoreLimit.OneCore },
        ])
        {
            Workloads = ["read", "write"],
        },
        new("php", "PHP-FPM behind nginx, phpredis",
        [
            new("php-redis", "Redis", FrontendKind.Php, SessionHome.Redis) { IsQuick = true },
            new("php-ours", "ours, 1 silo", FrontendKind.Php, SessionHome.Endpoint) { Silos = 1, IsQuick = true },
        ]),
        new("php-unix", "PHP-FPM behind nginx, phpredis over a Unix socket",
        [
            new("php-redis-unix", "Redis", FrontendKind.Php, SessionHome.Redis) { UsesUnixSocket = true },
            new("php-ours-unix", "ours, 1 silo", FrontendKind.Php, SessionHome.Endpoint) { Silos = 1, UsesUnixSocket = true },
        ])
        {
            Workloads = ["read", "write", "mix"],
        },
        new("php-locks", "PHP-FPM behind nginx, phpredis with locks",
        [
            new("php-redis-locks", "Redis, with locks", FrontendKind.Php, SessionHome.Redis) { Locks = true },
            new("php-ours-locks", "ours, 1 silo, with locks", FrontendKind.Php, SessionHome.Endpoint) { Silos = 1, Locks = true },
        ])
        {
            Workloads = ["read", "write", "write-paced", "hot"],
        },
        new("express", "Express, connect-redis",
        [
            new("express-redis", "Redis", FrontendKind.Express, SessionHome.Redis),
            new("express-ours", "ours, 1 silo", FrontendKind.Express, SessionHome.Endpoint) { Silos = 1 },
        ]),
    ];
    /// <summary>Three frontends as clients of the silos, round robin.</summary>
    private static StackPlan ThreeFrontends(string name, string title, int silos) =>
        new(name, title, FrontendKind.AspNetCore, SessionHome.Client) { Frontends = 3, Silos = silos, Balancing = Balancing.RoundRobin };
}
