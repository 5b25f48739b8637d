using System.Buffers.Text;
using OrleansSessions.Connectivity.Files;

namespace OrleansSessions.Grains.Encryption;

/// <summary>Keys that a silo knows, and the one that encrypts. Immutable.</summary>
internal sealed class KeyRing
{
    /// <summary>The content of <see cref="KeyDirectoryContent.ActiveFile"/> if no key encrypts.</summary>
    public const string NoKey = "none";

    private readonly EncryptionKey[] _keys;

    public KeyRing(EncryptionKey? active, params EncryptionKey[] keys) => (Active, _keys) = (active, keys);

    /// <summary>A ring without keys: nothing is encrypted.</summary>
    public static KeyRing Empty { get; } = new(active: null);

    /// <summary>The key that encrypts; null: states are stored unencrypted.</summary>
    public EncryptionKey? Active { get; }

    public IEnumerable<string> Ids => _keys.Select(static key => key.Id);

    public EncryptionKey? Find(ReadOnlySpan<byte> id)
    {
        foreach (EncryptionKey key in _keys)
        {
            if (key.IdBytes.Span.SequenceEqual(id))
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>Returns the ring in a key directory; null if there are errors.</summary>
    /// <param name="content">The files.</param>
    /// <param name="allowsPlain">Whether the silo may store and read sessions unencrypted. If not, there must be an active key.</param>
    /// <param name="errors">The errors found so far.</param>
    public static KeyRing? Parse(KeyDirectoryContent content, bool allowsPlain, List<string> errors)
    {
        Dictionary<string, EncryptionKey> keys = content.ReadKeys(
            static (id, text) => ReadKey(text) is { } secret ? new EncryptionKey(id, secret) : null,
            $"{EncryptionKey.Bytes} bytes in base64, for example from 'openssl rand -base64 32'",
            errors,
            reserved: NoKey);
        EncryptionKey? active = null;
        if (content.ActiveId is not { } activeId)
        {
            errors.Add(content.Error($"the file '{KeyDirectoryContent.ActiveFile}' must hold the id of the key that encrypts, or '{NoKey}'."));
        }
        else if (activeId == NoKey)
        {
            if (!allowsPlain)
            {
                errors.Add(content.Error(
                    $"the file '{KeyDirectoryContent.ActiveFile}' holds '{NoKey}', but {nameof(SessionEncryptionOptions.AllowPlain)} is false: "
                    + "set it to true first, on all silos."));
            }
        }
        else
        {
            active = content.FindActive(keys, activeId, errors);
        }

        return errors.Count == 0 ? new KeyRing(active, [.. keys.Values]) : null;
    }

    private static byte[]? ReadKey(string text)
    {
        byte[] secret = new byte[EncryptionKey.Bytes];
        return Base64.IsValid(text, out int length) && length == secret.Length && Convert.TryFromBase64String(text, secret, out _) ? secret : null;
    }
}
