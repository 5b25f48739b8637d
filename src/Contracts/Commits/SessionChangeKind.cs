namespace OrleansSessions.Contracts;

/// <summary>What a <see cref="SessionChange"/> does.</summary>
[GenerateSerializer, Alias("session.change-kind")]
public enum SessionChangeKind : byte
{
    /// <summary>Sets an entry, whatever it was.</summary>
    Set = 0,

    /// <summary>Removes an entry; nothing happens if there is none.</summary>
    Remove = 1,

    /// <summary>Removes all entries.</summary>
    Clear = 2,

    /// <summary>Adds to a number.</summary>
    Add = 3,

    /// <summary>Sets an entry if its version is the expected one; otherwise the whole commit has no effect.</summary>
    SetIfVersion = 4,

    /// <summary>Changes the session's idle timeout.</summary>
    SetIdleTimeout = 5,

    /// <summary>Changes the session's shape.</summary>
    SetShape = 6,
}
