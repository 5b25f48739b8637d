namespace OrleansSessions.Contracts;

/// <summary>
/// Names of those who end sessions, for event handlers and the audit trail. An actor is a text: never a user id, a token or a secret. Printable characters only, cut to
/// <see cref="MaxLength"/>.
/// </summary>
public static class SessionActor
{
    /// <summary>Maximum length in characters.</summary>
    public const int MaxLength = 96;

    /// <summary>The cluster itself: a deadline passed, a limit was exceeded, or a used-up secret was presented.</summary>
    public const string Cluster = "cluster";

    /// <summary>The session's own holder: the browser, or the Redis client.</summary>
    public const string Holder = "holder";

    /// <summary>The caller did not say.</summary>
    public const string Unknown = "unknown";

    /// <summary>Another of the user's sessions.</summary>
    /// <param name="sessionKey">Its <see cref="SessionKey.Value"/>.</param>
    public static string Session(string sessionKey) => Clean($"session:{sessionKey}")!;

    /// <summary>An administrator.</summary>
    /// <param name="name">The administrator's name, as the application knows it.</param>
    public static string Administrator(string name) => Clean($"administrator:{name}")!;

    /// <summary>The actor of an end whose caller named none.</summary>
    internal static string Of(EndReason reason) => reason switch
    {
        EndReason.Destroyed => Holder,
        EndReason.IdleTimeout or EndReason.AbsoluteLifetime or EndReason.SessionLimit or EndReason.TokenReuse => Cluster,
        _ => Unknown,
    };

    /// <summary>Returns the text as it may be stored and logged; null for none.</summary>
    internal static string? Clean(string? actor)
    {
        if (string.IsNullOrEmpty(actor))
        {
            return null;
        }

        ReadOnlySpan<char> kept = actor.AsSpan(0, Math.Min(actor.Length, MaxLength));
        return kept.IndexOfAnyExceptInRange(' ', '~') < 0 ? kept.ToString() : string.Create(kept.Length, actor, static (cleaned, text) =>
        {
            for (int i = 0; i < cleaned.Length; i++)
            {
                cleaned[i] = text[i] is >= ' ' and <= '~' ? text[i] : '?';
            }
        });
    }
}
