namespace OrleansSessions.EndToEnd.Tests.Processes;

/// <summary>Options of a local cluster.</summary>
internal sealed record LocalClusterOptions
{
    /// <summary>For tests that kill a silo beside other tests: a busy machine needs longer to find out that it is dead.</summary>
    public static LocalClusterOptions Patient { get; } = new() { Environment = new Dictionary<string, string> { ["Sessions__IOTimeout"] = "00:00:20" } };

    public int Silos { get; init; } = 2;

    public int Frontends { get; init; } = 3;

    /// <summary>The store's address and options. Null: the embedded Garnet.</summary>
    public string? Redis { get; init; }

    /// <summary>Garnet's data folder. Null: a temporary one.</summary>
    public string? Data { get; init; }

    public bool CoHost { get; init; }

    /// <summary>Whether members that end are restarted.</summary>
    public bool Restart { get; init; }

    /// <summary>Whether visitors shop and silos are killed.</summary>
    public bool Demo { get; init; }

    /// <summary>Variables that every member inherits.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
