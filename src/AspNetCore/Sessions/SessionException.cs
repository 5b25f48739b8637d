namespace OrleansSessions.AspNetCore;

/// <summary>Refusal of a session operation. The stored session is unchanged.</summary>
public abstract class SessionException : Exception
{
    private protected SessionException(string message, int statusCode, string title, Exception? innerException = null)
        : base(message, innerException)
    {
        StatusCode = statusCode;
        Title = title;
    }

    /// <summary>The HTTP status of the middleware's response if the application does not catch the exception.</summary>
    public int StatusCode { get; }

    /// <summary>The title of the response's problem details; the message is its detail.</summary>
    public string Title { get; }
}
