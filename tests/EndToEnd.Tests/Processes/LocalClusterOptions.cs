namespace OrleansSessions.EndToEnd.Tests.Processes;

/// <summary>What a test asks of a local cluster.</summary>
internal sealed record LocalClusterOptions
{
    public int Silos { get; init; } = 2;

    public int Frontends { get; init; } = 3;

    /// <summary>The store's address and options. Null: the embedded Garnet.</summary>
    public string? Redis { get; init; }

    /// <summary>Garnet's data folder. Null: one that is deleted with the process.</summary>
    public string? Data { get; init; }

    public bool CoHost { get; init; }

    /// <summary>Whether a member that ended is started again.</summary>
    public bool Restart { get; init; }

    /// <summary>Variables that every member inherits.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
