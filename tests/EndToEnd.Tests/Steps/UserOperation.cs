namespace OrleansSessions.EndToEnd.Tests.Steps;

/// <summary>Change of a user's sessions, made through a frontend.</summary>
public enum UserOperation
{
    /// <summary>A session with content is signed in.</summary>
    SignIn,

    /// <summary>A new session is signed in, and the one that was not used for longest ends.</summary>
    SignInBeyondTheLimit,

    /// <summary>A signed-in session gets a new token.</summary>
    Rotate,

    /// <summary>A session signs out.</summary>
    SignOut,

    /// <summary>Another session of the user ends it.</summary>
    EndOne,

    /// <summary>Another session of the user ends all others.</summary>
    EndOthers,
}
