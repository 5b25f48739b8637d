namespace OrleansSessions.WebFrontend.Api;

/// <summary>Response of <c>POST /api/session/entries/{name}/increment</c>.</summary>
/// <param name="Value">The entry's value after the addition.</param>
internal sealed record IncrementResult(long Value);
