using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Commands;

/// <summary>A command on its way: who sent it, and what.</summary>
internal readonly record struct RespContext(RespClient Client, RespCommand Command)
{
    /// <summary>The owner that a lock must have for the command to end or prolong it; null: any.</summary>
    public byte[]? LockOwner { get; init; }

    /// <summary>Cancelled when nobody waits for the reply any more.</summary>
    public CancellationToken Aborted => Client.Aborted;
}
