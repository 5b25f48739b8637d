namespace OrleansSessions.Contracts;

/// <summary>Reason why a session ended.</summary>
[GenerateSerializer, Alias("session.end-reason")]
public enum EndReason : byte
{
    /// <summary>The application destroyed it, for example at logout.</summary>
    Destroyed = 0,

    /// <summary>Its idle timeout passed without use.</summary>
    IdleTimeout = 1,

    /// <summary>It reached its absolute lifetime.</summary>
    AbsoluteLifetime = 2,

    /// <summary>Ended from outside, without telling by whom.</summary>
    Revoked = 3,

    /// <summary>A secret that a rotation had replaced was presented after its grace: the cookie was stolen, or the browser never got the new one.</summary>
    TokenReuse = 4,

    /// <summary>Its user signed in once more than the cluster allows, and used it less recently than the others.</summary>
    SessionLimit = 5,

    /// <summary>Its user ended it from another session.</summary>
    EndedByUser = 6,

    /// <summary>An administrator ended it.</summary>
    EndedByAdministrator = 7,
}
