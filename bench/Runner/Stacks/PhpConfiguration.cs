namespace OrleansSessions.Bench.Runner.Stacks;

/// <summary>What PHP-FPM is told.</summary>
internal static class PhpConfiguration
{
    /// <summary>php.ini. Connections to Redis are kept, which phpredis calls persistent.</summary>
    /// <param name="sessions">Host and port of what keeps the sessions.</param>
    /// <param name="locks">Whether a request locks its session; it then waits for the lock as long as it takes.</param>
    public static string Ini(string sessions, bool locks) => $"""
        session.save_handler = redis
        session.save_path = "tcp://{sessions}?persistent=1"
        session.name = bench
        session.gc_maxlifetime = 1200
        redis.session.locking_enabled = {(locks ? 1 : 0)}
        redis.session.lock_retries = -1
        display_errors = 0
        log_errors = 1

        """;

    /// <summary>The pool: enough workers that a request waiting for Redis or for a lock stops no other.</summary>
    public static string Pool(string socket) => $"""
        [global]
        error_log = /dev/stderr
        log_level = warning
        [www]
        {(Environment.IsPrivilegedProcess ? "user = root" : string.Empty)}
        listen = {socket}
        listen.backlog = 4096
        pm = static
        pm.max_children = 32
        catch_workers_output = yes

        """;
}
