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

    /// <summary>Sets the one value of a <see cref="SessionShape.Blob"/>, which has no name; without a value, removes it.</summary>
    SetValue = 7,

    /// <summary>Adds to the one value of a <see cref="SessionShape.Blob"/>.</summary>
    AddToValue = 8,

    /// <summary>Changes nothing; if the session has another shape, the whole commit has no effect.</summary>
    ExpectShape = 9,

    /// <summary>Changes nothing: says that the commit is no use of the session, so its deadline stays.</summary>
    KeepDeadline = 10,

    /// <summary>Sets when the session ends, and with it the idle timeout: the time until then.</summary>
    SetDeadline = 11,
}
