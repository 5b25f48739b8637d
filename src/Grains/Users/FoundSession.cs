using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Users;

/// <summary>What was found of a listed session.</summary>
/// <param name="SessionKey">The key that it is under.</param>
/// <param name="Description">The session; null: it is not signed in as the user, or its grain can't tell.</param>
/// <param name="IsGone">Whether it is not signed in as the user, nor about to be.</param>
internal readonly record struct FoundSession(string SessionKey, SessionDescription? Description, bool IsGone);
