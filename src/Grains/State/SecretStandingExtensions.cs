namespace OrleansSessions.Grains.State;

/// <summary>What follows from a <see cref="SecretStanding"/>.</summary>
internal static class SecretStandingExtensions
{
    /// <summary>Whether the session is there for who presented the secret.</summary>
    public static bool Opens(this SecretStanding standing) => standing is SecretStanding.Valid or SecretStanding.InGrace;
}
