using OrleansSessions.Contracts;
using OrleansSessions.Php;

namespace OrleansSessions.Resp.Values;

/// <summary>How a connection sees a key at a moment.</summary>
/// <param name="Merges">Whether the key's prefix merges.</param>
/// <param name="Read">What the connection was last shown of the key; null: nothing that counts any more.</param>
/// <param name="HandlerOfEntries">What a session that was written entry by entry is shown as.</param>
/// <param name="Limits">How large a session may be.</param>
/// <param name="Now">The time of all commands.</param>
internal readonly record struct KeyView(bool Merges, RememberedRead? Read, PhpHandler HandlerOfEntries, SessionLimits Limits, DateTimeOffset Now);
