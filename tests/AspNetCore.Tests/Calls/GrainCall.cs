using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Tests.Calls;

/// <summary>One call of a session grain that a frontend made: an attempt, not an operation.</summary>
internal sealed record GrainCall(string Method, string Key, SessionCommit? Commit = null);
