using OrleansSessions.Contracts;

namespace OrleansSessions.Migration;

/// <summary>Session converted from an <see cref="OldValue"/>.</summary>
/// <param name="Changes">The changes that turn an empty session into it.</param>
/// <param name="Lifetime">Its lifetime in the cluster. Values out of range are clamped.</param>
public sealed record ImportedSession(IReadOnlyList<SessionChange> Changes, SessionLifetime Lifetime);
