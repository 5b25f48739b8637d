namespace OrleansSessions.Resp.Commands.Scripts;

/// <summary>What a known script does if its key has the value of its first argument.</summary>
internal enum LockScript
{
    /// <summary>Deletes the key. Answers 1; 0 if the value is another.</summary>
    Delete,

    /// <summary>As <see cref="Delete"/>, but answers -1 if there is no such key.</summary>
    DeleteOrTellAbsence,

    /// <summary>Lets the key end after the milliseconds of the second argument. Answers 1; 0 if the value is another.</summary>
    Expire,

    /// <summary>
    /// As <see cref="Expire"/>, but if the third argument is 0, the milliseconds are added to what is left. Answers 0 for a key that does not end by itself, too.
    /// </summary>
    Extend,
}
