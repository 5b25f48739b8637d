using OrleansSessions.Resp.Buffers;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Sessions;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Commands;

/// <summary>State of one connection. Its commands run one after the other, so it needs no locks.</summary>
internal sealed class RespClient : ISessionCaller
{
    /// <summary>Id of the connection, unique in this process.</summary>
    public required long Id { get; init; }

    /// <summary>When the connection was accepted.</summary>
    public required DateTimeOffset ConnectedAt { get; init; }

    /// <summary>The client's address and port, for CLIENT INFO.</summary>
    public string RemoteEndPoint { get; init; } = "";

    /// <summary>The local address and port of the connection.</summary>
    public string LocalEndPoint { get; init; } = "";

    /// <inheritdoc />
    public CancellationToken Aborted { get; init; }

    /// <summary>The connection's buffers. A command that collects much data before it replies accounts for it here.</summary>
    public required ConnectionBuffers Buffers { get; init; }

    /// <summary>The name set by the client; empty: none.</summary>
    public string Name { get; set; } = "";

    /// <summary>The name of the client's library, if the client sent it.</summary>
    public string LibraryName { get; set; } = "";

    /// <summary>The version of the client's library, if the client sent it.</summary>
    public string LibraryVersion { get; set; } = "";

    /// <summary>The database chosen by SELECT.</summary>
    public int Database { get; set; }

    /// <summary>The protocol chosen by HELLO, 2 or 3.</summary>
    public int Protocol { get; set; } = RespWriter.Resp2;

    /// <summary>The user, or null until the client has authenticated.</summary>
    public string? User { get; set; }

    /// <summary>Whether the client may use the sessions.</summary>
    public bool IsAuthenticated => User is not null;

    /// <inheritdoc />
    public ReadMemory Reads { get; } = new();

    /// <summary>The commands since MULTI; null: no transaction.</summary>
    public Transaction? Transaction { get; set; }

    /// <summary>The condition of its transaction.</summary>
    public WatchedKey Watched { get; } = new();

    /// <summary>The client's subscriptions. Nothing is ever published.</summary>
    public Subscriptions Subscriptions { get; } = new();

    /// <summary>The last command, for CLIENT INFO.</summary>
    public string LastCommand { get; set; } = "NULL";

    /// <summary>Whether to close the connection after the reply.</summary>
    public bool IsClosing { get; set; }
}
