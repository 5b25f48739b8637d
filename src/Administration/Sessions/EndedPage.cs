namespace OrleansSessions.Administration;

/// <summary>Page of ended sessions.</summary>
/// <param name="Ended">The number of sessions that were ended.</param>
/// <param name="Cursor">The cursor of the next page; 0: this is the last one.</param>
public sealed record EndedPage(int Ended, long Cursor);
