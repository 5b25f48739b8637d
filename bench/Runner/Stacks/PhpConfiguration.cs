namespace OrleansSessions.Bench.Runner.Stacks;

/// <summary>Configuration of PHP-FPM.</summary>
internal static class PhpConfiguration
{
    /// <summary>php.ini, with persistent connections to Redis.</summary>
    /// <param name="sessions">The address of the session store, in PHP's syntax.</param>
    /// <param name="locks">Whether a request locks its session, waiting without limit.</param>
    public static string Ini(string sessions, bool locks) => $"""
        session.save_handler = redis
        session.save_path = "{sessions}?persistent=1"
        session.name = bench
        session.gc_maxlifetime = 1200
        redis.session.locking_enabled = {(locks ? 1 : 0)}
        redis.session.lock_retries = -1
        display_errors = 0
        log_errors = 1

        """;

    /// <summary>The pool, with enough workers that a request waiting for Redis or a lock does not block others.</summary>
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
