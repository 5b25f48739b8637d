namespace OrleansSessions.Connectivity.Files;

/// <summary>Content of watched files at one time.</summary>
/// <param name="Hash">A hash of the content.</param>
/// <param name="Parse">Makes the value of the content; null: it is not valid, and the list of errors that it was read with says why.</param>
internal readonly record struct FileReading<T>(string Hash, Func<T?> Parse)
    where T : class;
