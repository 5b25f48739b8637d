using OrleansSessions.Contracts;

namespace OrleansSessions.Migration;

/// <summary>What an <see cref="OldValue"/> is as a session.</summary>
/// <param name="Changes">What makes an empty session it.</param>
/// <param name="Lifetime">How long it lives in the cluster. Values out of range are brought into it.</param>
public sealed record ImportedSession(IReadOnlyList<SessionChange> Changes, SessionLifetime Lifetime);
