using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Commands;

/// <summary>Command with the client that sent it.</summary>
internal readonly record struct RespContext(RespClient Client, RespCommand Command)
{
    /// <summary>The owner that a lock must have for the command to release or extend it; null: any.</summary>
    public byte[]? LockOwner { get; init; }

    /// <summary>Cancelled when the client has disconnected.</summary>
    public CancellationToken Aborted => Client.Aborted;
}
