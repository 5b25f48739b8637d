namespace OrleansSessions.Contracts;

/// <summary>What happened to a session, as the audit trail tells it.</summary>
[GenerateSerializer, Alias("session.audit-kind")]
public enum AuditKind : byte
{
    /// <summary>A kind that this version does not know.</summary>
    Unknown = 0,

    /// <summary>It was created.</summary>
    Created = 1,

    /// <summary>It was signed in, or issued anew without a new authentication.</summary>
    SignedIn = 2,

    /// <summary>Its token was replaced.</summary>
    Rotated = 3,

    /// <summary>A replaced token was presented after its grace.</summary>
    Reused = 4,

    /// <summary>It ended.</summary>
    Ended = 5,

    /// <summary>It was created for an administrator who acts as its user.</summary>
    Impersonated = 6,

    /// <summary>Its user authenticated again.</summary>
    SteppedUp = 7,
}
