namespace OrleansSessions.AspNetCore;

/// <summary>Marks an endpoint whose requests have no session. See <see cref="SkipSessionAttribute"/>.</summary>
public interface ISkipSessionMetadata;
