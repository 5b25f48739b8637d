namespace OrleansSessions.Contracts;

/// <summary>
/// The session can't be read or written now, because Redis or the cluster is not reachable. Nothing is lost; try again later.
/// </summary>
[GenerateSerializer, Alias("session.unavailable")]
public sealed class SessionUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    public SessionUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public SessionUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
