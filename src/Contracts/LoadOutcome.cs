namespace OrleansSessions.Contracts;

/// <summary>Outcome of a load.</summary>
[GenerateSerializer, Alias("session.load-outcome")]
public enum LoadOutcome : byte
{
    /// <summary>No session: never created, expired or destroyed.</summary>
    None = 0,

    /// <summary>A session.</summary>
    Active = 1,

    /// <summary>
    /// The session moved to another key a moment ago, because its token, which has no secret part, was rotated. The browser has the new cookie or is about to get
    /// it: a response to a request with the old cookie must not overwrite it.
    /// </summary>
    RotatedAway = 2,
}
