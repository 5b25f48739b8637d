using OrleansSessions.Contracts;
using OrleansSessions.Php;

namespace OrleansSessions.Resp.Values;

/// <summary>View of a key by a connection at one moment.</summary>
/// <param name="Merges">Whether the key's prefix merges.</param>
/// <param name="Read">The connection's last valid read of the key; null: none.</param>
/// <param name="HandlerOfEntries">The format for a session that was written entry by entry.</param>
/// <param name="Limits">The size limits of a session.</param>
/// <param name="Now">The time of all commands.</param>
internal readonly record struct KeyView(bool Merges, RememberedRead? Read, PhpHandler HandlerOfEntries, SessionLimits Limits, DateTimeOffset Now);
