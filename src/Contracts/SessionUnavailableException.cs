namespace OrleansSessions.Contracts;

/// <summary>
/// Availability failure: the session can't be read or written now, because Redis or the cluster is unreachable. Nothing is lost; try again later.
/// </summary>
/// <remarks>An <see cref="OrleansException"/>, so that Orleans' persistence passes it on unchanged.</remarks>
[GenerateSerializer, Alias("session.unavailable")]
public sealed class SessionUnavailableException : OrleansException
{
    /// <summary>Creates the exception.</summary>
    public SessionUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public SessionUnavailableException(string message, Exception? innerException)
        : base(message, innerException!)
    {
    }
}
