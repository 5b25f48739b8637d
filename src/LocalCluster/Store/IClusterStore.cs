namespace OrleansSessions.LocalCluster.Store;

/// <summary>The Redis-compatible store that the members share.</summary>
internal interface IClusterStore : IAsyncDisposable
{
    /// <summary>How members connect. May contain a password: for their environment only, never to be shown.</summary>
    string ConnectionString { get; }

    /// <summary><c>host:port</c>, fit to be shown.</summary>
    string Address { get; }

    /// <summary>It runs in the launcher's own process.</summary>
    bool IsEmbedded { get; }

    /// <summary>What it is, fit to be shown.</summary>
    string Description { get; }
}
