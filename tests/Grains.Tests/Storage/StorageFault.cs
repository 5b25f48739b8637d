namespace OrleansSessions.Grains.Tests.Storage;

/// <summary>Failure mode of a storage operation.</summary>
internal enum StorageFault
{
    None,

    /// <summary>The operation never reaches Redis.</summary>
    Lost,

    /// <summary>Redis executes the operation, but the answer is lost: the caller can't distinguish this from <see cref="Lost"/>.</summary>
    AnswerLost,

    /// <summary>Redis has a different ETag.</summary>
    Conflict,
}
