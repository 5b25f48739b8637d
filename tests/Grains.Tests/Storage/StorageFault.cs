namespace OrleansSessions.Grains.Tests.Storage;

/// <summary>How a storage operation goes wrong.</summary>
internal enum StorageFault
{
    None,

    /// <summary>It never reaches Redis.</summary>
    Lost,

    /// <summary>Redis does it, and the answer is lost: the caller can't tell this from <see cref="Lost"/>.</summary>
    AnswerLost,

    /// <summary>Redis has another ETag.</summary>
    Conflict,
}
