namespace OrleansSessions.Grains.Sessions;

/// <summary>Outcome of registering a session with its user.</summary>
[GenerateSerializer, Alias("user-sessions.registration-outcome")]
internal enum RegistrationOutcome : byte
{
    /// <summary>Listed. No more sessions are signed in than allowed, this one included.</summary>
    Registered = 0,

    /// <summary>The user has as many sessions as allowed, and more are refused.</summary>
    TooManySessions = 1,

    /// <summary>The session is being ended.</summary>
    Ended = 2,

    /// <summary>The caller's deadline has passed.</summary>
    TooLate = 3,
}
