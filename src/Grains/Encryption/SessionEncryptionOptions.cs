namespace OrleansSessions.Grains.Encryption;

/// <summary>Options of the encryption of stored sessions. Bound from the section <c>SessionCluster:Encryption</c>. Not set: sessions are stored unencrypted.</summary>
public sealed class SessionEncryptionOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "SessionCluster:Encryption";

    /// <summary>The name of <see cref="KeyDirectory"/>, for errors.</summary>
    internal const string KeyDirectoryName = $"{SectionName}:{nameof(KeyDirectory)}";

    /// <summary>
    /// The directory of the keys. Each file holds one key, 32 bytes in base64, and is named by the key's id: 1 to 64 characters of <c>[A-Za-z0-9._-]</c>. The file
    /// <c>active</c> holds the id of the key that encrypts, or <c>none</c>: sessions are then read under every key and stored unencrypted. Names that begin with a dot are
    /// ignored. Changes take effect within seconds, without a restart. Default: null, no encryption.
    /// </summary>
    public string? KeyDirectory { get; set; }

    /// <summary>
    /// Whether to read sessions that are stored unencrypted. Default: true, so that encryption can be turned on in a running cluster. Set it to false afterwards: until
    /// then, anyone who can write to Redis can replace an encrypted session by an unencrypted one of their own.
    /// </summary>
    public bool AllowPlain { get; set; } = true;
}
