namespace OrleansSessions.EndToEnd.Tests.Load;

/// <summary>The shape of a load.</summary>
internal sealed record LoadOptions
{
    public int Clients { get; init; } = 16;

    /// <summary>How many sessions are used by all clients; beside them each client has one of its own.</summary>
    public int SharedSessions { get; init; } = 4;

    /// <summary>How the clients connect; null: as to any server.</summary>
    public Action<SocketsHttpHandler>? Connect { get; init; }

    /// <summary>What a client waits between an answer and its next request.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Clients stop by themselves after so many requests.</summary>
    public int MaxRequestsPerClient { get; init; } = 20_000;

    /// <summary>How many numbered entries a client writes over and over in a session.</summary>
    public int EntriesPerClient { get; init; } = 20;
}
