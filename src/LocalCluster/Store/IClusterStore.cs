namespace OrleansSessions.LocalCluster.Store;

/// <summary>Redis-compatible store shared by the members.</summary>
internal interface IClusterStore : IAsyncDisposable
{
    /// <summary>Connection string for the members. May contain a password: pass it only in their environment, never display it.</summary>
    string ConnectionString { get; }

    /// <summary><c>host:port</c>, for display.</summary>
    string Address { get; }

    /// <summary>Whether the store runs in the launcher's process.</summary>
    bool IsEmbedded { get; }

    /// <summary>Kind of store, for display.</summary>
    string Description { get; }
}
