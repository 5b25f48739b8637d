namespace OrleansSessions.Contracts;

/// <summary>
/// Replacement of a session's secret, as part of a commit, against session fixation. Unless <see cref="From"/> is the session's current secret, the whole commit is
/// refused with <see cref="CommitOutcome.SecretReplaced"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("session.secret-rotation")]
public sealed record SecretRotation
{
    /// <summary>Maximum grace: one minute.</summary>
    public static readonly TimeSpan MaxGrace = TimeSpan.FromMinutes(1);

    /// <summary>The secret that the request presented when it loaded the session.</summary>
    [Id(0)]
    public required SecretHash From { get; init; }

    /// <summary>The new secret.</summary>
    [Id(1)]
    public required SecretHash To { get; init; }

    /// <summary>
    /// How long the old secret stays valid, for requests that the browser sent before it had the new one: 0 to <see cref="MaxGrace"/>. Presenting it later is reuse. With
    /// <see cref="IsPrivilegeChange"/>: how long it is not yet reuse.
    /// </summary>
    [Id(2)]
    public required TimeSpan Grace { get; init; }

    /// <summary>Whether reuse of one of the session's old secrets ends the session, with <see cref="EndReason.TokenReuse"/>.</summary>
    [Id(3)]
    public required bool EndOnReuse { get; init; }

    /// <summary>
    /// Whether the session gets more rights with this commit, as at a sign-in: the old secrets, which others may know, then open nothing any more. Within their grace they
    /// are answered <see cref="LoadOutcome.RotatedAway"/>; afterwards they are reuse. Default: false.
    /// </summary>
    [Id(4)]
    public bool IsPrivilegeChange { get; init; }
}
