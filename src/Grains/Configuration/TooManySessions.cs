namespace OrleansSessions.Grains.Configuration;

/// <summary>What happens when a user signs in once more than <see cref="SessionClusterOptions.MaxSessionsPerUser"/> allows.</summary>
public enum TooManySessions
{
    /// <summary>The sessions that were used least recently are ended, before the new one is signed in.</summary>
    EndLeastRecentlyUsed,

    /// <summary>The new sign-in is refused.</summary>
    RefuseNew,
}
