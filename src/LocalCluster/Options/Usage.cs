namespace OrleansSessions.LocalCluster.Options;

internal static class Usage
{
    public const string Text = """
        Starts a session cluster on this machine: a load balancer, web frontends, silos and a Redis-compatible store.

        Usage: dotnet run --project src/LocalCluster -- [options]

          --port N               port of the load balancer on localhost; 0 picks a free one (default 8080)
          --silos N              silo processes (default 2)
          --frontends N          frontend processes (default 3)
          --cohost               every frontend hosts a silo itself; there are no silo processes
          --resp-port N          port of the Redis-protocol endpoint on localhost; 0: none (default 6380)
          --redis HOST:PORT[,..] use this Redis server, given as a StackExchange.Redis connection string or a
                                 redis:// or rediss:// address, in place of the embedded store
          --data DIR             directory of the embedded store's data and of the logs
                                 (default: orleans-sessions in the user's data directory)
          --status-file FILE     describe the running cluster in this file, as JSON, for scripts
          --restart              start members again when they end unexpectedly
          --help                 show this text

        Ctrl-C stops everything in order. Exit codes: 0 stopped, 1 could not start, 2 wrong options.

        """;
}
