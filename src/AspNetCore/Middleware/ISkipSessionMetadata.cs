namespace OrleansSessions.AspNetCore;

/// <summary>Metadata of endpoints whose requests have no session. See <see cref="SkipSessionAttribute"/>.</summary>
public interface ISkipSessionMetadata;
