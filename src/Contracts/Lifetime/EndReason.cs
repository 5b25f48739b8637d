namespace OrleansSessions.Contracts;

/// <summary>Why a session ended.</summary>
[GenerateSerializer, Alias("session.end-reason")]
public enum EndReason : byte
{
    /// <summary>It was destroyed by the application, for example at logout.</summary>
    Destroyed = 0,

    /// <summary>It was not used for its idle timeout.</summary>
    IdleTimeout = 1,

    /// <summary>It reached its absolute lifetime.</summary>
    AbsoluteLifetime = 2,

    /// <summary>An administrator, or the user on another device, ended it.</summary>
    Revoked = 3,

    /// <summary>A secret that a rotation had replaced was presented after its grace: the cookie was stolen, or the browser never got the new one.</summary>
    TokenReuse = 4,
}
