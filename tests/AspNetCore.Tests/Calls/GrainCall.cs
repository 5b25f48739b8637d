using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Tests.Calls;

/// <summary>One grain call by a frontend: an attempt, not an operation.</summary>
internal sealed record GrainCall(string Method, string Key, SessionCommit? Commit = null);
