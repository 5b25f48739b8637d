using OrleansSessions.Resp.Buffers;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Sessions;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Commands;

/// <summary>The state of one connection. Commands of a connection run one after the other, so it needs no locks.</summary>
internal sealed class RespClient : ISessionCaller
{
    /// <summary>A number of its own for each connection of this process.</summary>
    public required long Id { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset ConnectedAt { get; init; }

    /// <summary>The client's address and port, as CLIENT INFO shows them.</summary>
    public string RemoteEndPoint { get; init; } = "";

    /// <summary>The address and port it was accepted at.</summary>
    public string LocalEndPoint { get; init; } = "";

    /// <inheritdoc />
    public CancellationToken Aborted { get; init; }

    /// <summary>What the connection holds in memory. A command that collects much before it replies counts it here.</summary>
    public required ConnectionBuffers Buffers { get; init; }

    /// <summary>The name it gave itself; empty: none.</summary>
    public string Name { get; set; } = "";

    /// <summary>The name of the client's library, if it told.</summary>
    public string LibraryName { get; set; } = "";

    /// <summary>The version of the client's library, if it told.</summary>
    public string LibraryVersion { get; set; } = "";

    /// <summary>The database of SELECT.</summary>
    public int Database { get; set; }

    /// <summary>The protocol of HELLO, 2 or 3.</summary>
    public int Protocol { get; set; } = RespWriter.Resp2;

    /// <summary>The user, or null until the client has authenticated.</summary>
    public string? User { get; set; }

    /// <summary>Whether the client may use the sessions.</summary>
    public bool IsAuthenticated => User is not null;

    /// <inheritdoc />
    public ReadMemory Reads { get; } = new();

    /// <summary>What it has sent since MULTI; null: it is not in a transaction.</summary>
    public Transaction? Transaction { get; set; }

    /// <summary>What its transaction depends on.</summary>
    public WatchedKey Watched { get; } = new();

    /// <summary>The channels it has subscribed to. Nothing is ever published.</summary>
    public Subscriptions Subscriptions { get; } = new();

    /// <summary>The last command, as CLIENT INFO shows it.</summary>
    public string LastCommand { get; set; } = "NULL";

    /// <summary>Set to close the connection after the reply.</summary>
    public bool IsClosing { get; set; }
}
