using System.Collections.Immutable;
using OrleansSessions.Contracts;

namespace OrleansSessions.Administration;

/// <summary>Session with its entries.</summary>
/// <param name="Description">The session's description.</param>
/// <param name="Entries">The entries. Their values are for administrators with <see cref="SessionPermissions.Values"/> only.</param>
public sealed record SessionContent(SessionDescription Description, ImmutableArray<SessionEntry> Entries);
