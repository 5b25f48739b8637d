namespace OrleansSessions.Grains.State;

/// <summary>Consequences of a <see cref="SecretStanding"/>.</summary>
internal static class SecretStandingExtensions
{
    /// <summary>Whether the presented secret gives access to the session.</summary>
    public static bool Opens(this SecretStanding standing) => standing is SecretStanding.Valid or SecretStanding.InGrace;
}
