namespace OrleansSessions.Administration.Api;

/// <summary>Page of a user's sessions in the API's answers.</summary>
/// <param name="Cursor">The cursor of the next page; 0: this is the last one.</param>
/// <param name="Sessions">The sessions, the latest first.</param>
internal sealed record UserPageModel(long Cursor, IReadOnlyList<SessionModel> Sessions);
