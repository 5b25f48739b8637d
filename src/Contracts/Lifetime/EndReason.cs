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

    /// <summary>An administrator, or the user on another device, ended it.</summary>
    Revoked = 3,

    /// <summary>A secret that a rotation had replaced was presented after its grace: the cookie was stolen, or the browser never got the new one.</summary>
    TokenReuse = 4,
}
