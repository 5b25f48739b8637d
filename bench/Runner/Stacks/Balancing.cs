namespace OrleansSessions.Bench.Runner.Stacks;

/// <summary>How requests find a frontend.</summary>
internal enum Balancing
{
    /// <summary>There is one, and it is asked directly; PHP has its web server in between.</summary>
    None,

    /// <summary>In turn, whoever asks: the worst case.</summary>
    RoundRobin,

    /// <summary>By the session cookie: the same session, the same frontend. Nothing relies on it.</summary>
    Cookie,
}
