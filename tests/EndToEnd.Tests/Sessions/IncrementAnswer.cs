namespace OrleansSessions.EndToEnd.Tests.Sessions;

/// <summary>Response to an increment.</summary>
internal sealed record IncrementAnswer(long Value);
