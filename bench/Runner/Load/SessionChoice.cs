namespace OrleansSessions.Bench.Runner.Load;

/// <summary>Sessions used by a workload.</summary>
internal enum SessionChoice
{
    /// <summary>None: no cookie.</summary>
    None,

    /// <summary>Many, in turn.</summary>
    Many,

    /// <summary>The same session for all requests.</summary>
    One,

    /// <summary>Newly created sessions, whose cookies the responses replace.</summary>
    Fresh,
}
