namespace OrleansSessions.EndToEnd.Tests.Sessions;

/// <summary>The answer to an increment.</summary>
internal sealed record IncrementAnswer(long Value);
