namespace OrleansSessions.Grains.State;

/// <summary>Status of a stored session. The numbers are part of the storage format.</summary>
internal enum SessionStatus : byte
{
    /// <summary>Nothing is stored.</summary>
    None = 0,

    /// <summary>A session, unless its deadline has passed.</summary>
    Active = 1,

    /// <summary>Destroyed; the entries are kept until the event handlers have seen them.</summary>
    Ending = 2,

    /// <summary>Destroyed or rotated away; holds only what late or retried calls need.</summary>
    Tombstone = 3,
}
