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
    /// The token was replaced a moment ago and opens nothing: it has no secret part, or the rotation was a privilege change. The browser has the new cookie or is about
    /// to get it: a response to a request with the old cookie must not overwrite it.
    /// </summary>
    RotatedAway = 2,
}
