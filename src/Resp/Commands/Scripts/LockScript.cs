namespace OrleansSessions.Resp.Commands.Scripts;

/// <summary>Effect of a known script, if its key has the value of its first argument.</summary>
internal enum LockScript
{
    /// <summary>Deletes the key. Returns 1, or 0 if the value differs.</summary>
    Delete,

    /// <summary>As <see cref="Delete"/>, but returns -1 if the key does not exist.</summary>
    DeleteOrTellAbsence,

    /// <summary>Sets the key's expiry to the milliseconds of the second argument. Returns 1, or 0 if the value differs.</summary>
    Expire,

    /// <summary>
    /// As <see cref="Expire"/>, but if the third argument is 0, adds the milliseconds to the remaining time. Also returns 0 for a key without expiry.
    /// </summary>
    Extend,
}
