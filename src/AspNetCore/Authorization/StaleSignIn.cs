namespace OrleansSessions.AspNetCore;

/// <summary>Request feature: a requirement of a fresh session was not met.</summary>
/// <param name="At">When the user signed in last, even if the authentication is older; null: the user has not signed in.</param>
internal sealed record StaleSignIn(DateTimeOffset? At);
