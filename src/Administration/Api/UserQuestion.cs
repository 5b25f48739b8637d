namespace OrleansSessions.Administration.Api;

/// <summary>Question for a user's key. In the body, because URLs are logged.</summary>
/// <param name="User">The application's id of the user.</param>
internal sealed record UserQuestion(string? User);
