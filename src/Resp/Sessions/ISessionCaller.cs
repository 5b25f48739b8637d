using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Sessions;

/// <summary>Connection as seen by session commands.</summary>
internal interface ISessionCaller
{
    /// <summary>Its earlier reads, to compare writes with.</summary>
    ReadMemory Reads { get; }

    /// <summary>Cancelled when the client has disconnected.</summary>
    CancellationToken Aborted { get; }
}
