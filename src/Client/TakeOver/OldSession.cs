using OrleansSessions.Contracts;

namespace OrleansSessions.Client.TakeOver;

/// <summary>What an <see cref="OldValue"/> is as a session.</summary>
/// <param name="Changes">What makes an empty session it.</param>
/// <param name="IdleTimeout">When it ends unless it is used.</param>
public sealed record OldSession(IReadOnlyList<SessionChange> Changes, TimeSpan IdleTimeout);
