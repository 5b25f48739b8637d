namespace OrleansSessions.EndToEnd.Tests.Load;

/// <summary>Shape of a load.</summary>
internal sealed record LoadOptions
{
    public int Clients { get; init; } = 16;

    /// <summary>The number of shared sessions; each client also has its own.</summary>
    public int SharedSessions { get; init; } = 4;

    /// <summary>How the clients connect; null: the default.</summary>
    public Action<SocketsHttpHandler>? Connect { get; init; }

    /// <summary>The pause between a response and the client's next request.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Clients stop after this many requests.</summary>
    public int MaxRequestsPerClient { get; init; } = 20_000;

    /// <summary>The number of numbered entries that a client keeps rewriting in a session.</summary>
    public int EntriesPerClient { get; init; } = 20;
}
