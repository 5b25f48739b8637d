namespace OrleansSessions.Contracts;

/// <summary>
/// Encryption failure: the session is intact, but this silo's key ring does not allow it to be read: its key is missing, or it is stored unencrypted and that is not
/// allowed. Neither reads nor writes touch it until the silo is configured as the message says.
/// </summary>
[GenerateSerializer, Alias("session.encryption")]
public sealed class SessionEncryptionException : OrleansException
{
    /// <summary>Creates the exception.</summary>
    public SessionEncryptionException(string message)
        : base(message)
    {
    }
}
