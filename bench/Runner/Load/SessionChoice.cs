namespace OrleansSessions.Bench.Runner.Load;

/// <summary>Which sessions a workload's requests use.</summary>
internal enum SessionChoice
{
    /// <summary>None: no cookie.</summary>
    None,

    /// <summary>Many in turn.</summary>
    Many,

    /// <summary>All requests the same one.</summary>
    One,

    /// <summary>Many that were made for the occasion, and what the answers turn them into.</summary>
    Fresh,
}
