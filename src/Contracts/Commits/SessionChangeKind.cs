namespace OrleansSessions.Contracts;

/// <summary>Kind of a <see cref="SessionChange"/>.</summary>
[GenerateSerializer, Alias("session.change-kind")]
public enum SessionChangeKind : byte
{
    /// <summary>Sets an entry unconditionally.</summary>
    Set = 0,

    /// <summary>Removes an entry; no effect if it does not exist.</summary>
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

    /// <summary>Sets the one, unnamed value of a <see cref="SessionShape.Blob"/>; without a value, removes it.</summary>
    SetValue = 7,

    /// <summary>Adds to the one value of a <see cref="SessionShape.Blob"/>.</summary>
    AddToValue = 8,

    /// <summary>No change; if the session has another shape, the whole commit has no effect.</summary>
    ExpectShape = 9,

    /// <summary>No change: the commit does not count as a use of the session, so its deadline stays.</summary>
    KeepDeadline = 10,

    /// <summary>Sets when the session ends, and the idle timeout to the time until then.</summary>
    SetDeadline = 11,
}
