using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Sessions;

/// <summary>A connection, as far as sessions are concerned.</summary>
internal interface ISessionCaller
{
    /// <summary>What it has read, to be compared with what it writes.</summary>
    ReadMemory Reads { get; }

    /// <summary>Cancelled when the client has gone.</summary>
    CancellationToken Aborted { get; }
}
