namespace OrleansSessions.AspNetCore.ServiceTokens;

/// <summary>
/// Signed token (JWT) that names the user of a session to a downstream service. Whoever has it acts as the user there: send it only in the header <c>Authorization</c>, never in
/// a URL, and don't log it.
/// </summary>
public sealed class ServiceToken
{
    internal ServiceToken(string text, DateTimeOffset expiresAt) => (Text, ExpiresAt) = (text, expiresAt);

    /// <summary>The JWT, for <c>Authorization: Bearer</c>.</summary>
    public string Text { get; }

    /// <summary>When it expires (UTC): after <see cref="ServiceTokenOptions.Lifetime"/>, and not after the session.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Returns <c>[redacted]</c>.</summary>
    public override string ToString() => "[redacted]";
}
