using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Tokens;

/// <summary>Session in which a request has begun to act as a user. The client gets its token with the response.</summary>
internal sealed record BegunImpersonation(SessionToken Token, SessionKey Key, Guid Incarnation);
