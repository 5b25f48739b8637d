namespace OrleansSessions.Grains.State;

/// <summary>Where a stored session stands in its life. The numbers are part of the storage format.</summary>
internal enum SessionStatus : byte
{
    /// <summary>Nothing is stored.</summary>
    None = 0,

    /// <summary>A session, unless its deadline has passed.</summary>
    Active = 1,

    /// <summary>Destroyed; the entries are kept until the event handlers have seen them.</summary>
    Ending = 2,

    /// <summary>Destroyed or rotated away; nothing but what a late or repeated call needs to be answered.</summary>
    Tombstone = 3,
}
