namespace OrleansSessions.Contracts;

/// <summary>Session in the list of its user's sessions.</summary>
/// <param name="SessionKey">The <see cref="Contracts.SessionKey.Value"/>.</param>
/// <param name="Description">The session's description.</param>
[GenerateSerializer, Immutable, Alias("session.of-user")]
public sealed record UserSession([property: Id(0)] string SessionKey, [property: Id(1)] SessionDescription Description);
