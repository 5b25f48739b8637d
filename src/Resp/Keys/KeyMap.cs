using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Hosting;

namespace OrleansSessions.Resp.Keys;

/// <summary>
/// Finds the session that a key stands for. A configured prefix and a token: the session of that token, in the prefix's namespace, which ASP.NET Core frontends
/// can use too. <c>~</c>, a prefix and a <see cref="SessionKey"/>: that session; SCAN lists sessions so, because nobody knows their tokens. Every other key is the
/// name of a session of its own. A key that ends in <c>_LOCK</c> is the lock of the session before it.
/// </summary>
internal sealed class KeyMap(IOptions<RespOptions> options)
{
    /// <summary>Applications put a prefix before what a browser sent, so no browser can send what is a handle with the mark before the prefix.</summary>
    private const byte HandleMark = (byte)'~';

    private static readonly int SessionKeyLength = Base64Url.GetEncodedLength(SHA256.HashSizeInBytes);

    private readonly (byte[] Bytes, string Text)[] _prefixes =
        [.. options.Value.Prefixes.Distinct().OrderByDescending(static prefix => prefix.Length).Select(static prefix => (Encoding.UTF8.GetBytes(prefix), prefix))];

    /// <summary>The prefixes whose sessions can be listed.</summary>
    public IReadOnlyList<string> Prefixes { get; } = [.. options.Value.Prefixes.Distinct()];

    /// <summary>The namespace of a prefix's sessions in a database.</summary>
    public static string NamespaceOf(string prefix, int database) => database == 0 ? prefix : $"{prefix}#{database}";

    /// <summary>The key under which SCAN shows a session.</summary>
    public static string HandleOf(string prefix, string sessionKey) => $"{(char)HandleMark}{prefix}{sessionKey}";

    /// <summary>Finds what a key stands for.</summary>
    public SessionAddress Map(ReadOnlyMemory<byte> name, int database)
    {
        ReadOnlySpan<byte> key = name.Span;
        bool isLock = key.EndsWith("_LOCK"u8);
        if (isLock)
        {
            key = key[..^"_LOCK"u8.Length];
        }

        bool isHandle = key is [HandleMark, ..];
        ReadOnlySpan<byte> named = isHandle ? key[1..] : key;
        string prefix = "";
        foreach ((byte[] bytes, string text) in _prefixes)
        {
            if (named.StartsWith(bytes) && (!isHandle || IsSessionKey(named[bytes.Length..])))
            {
                prefix = text;
                key = named[bytes.Length..];
                break;
            }
        }

        string sessionNamespace = NamespaceOf(prefix, database);
        SessionKey session = isHandle && prefix.Length > 0 ? new SessionKey(Encoding.ASCII.GetString(key)) : Derive(sessionNamespace, key);
        return new SessionAddress(session, sessionNamespace, isLock, name, database);
    }

    private static bool IsSessionKey(ReadOnlySpan<byte> text) => text.Length == SessionKeyLength && Base64Url.IsValid(text);

    private static SessionKey Derive(string sessionNamespace, ReadOnlySpan<byte> rest)
    {
        if (SessionToken.TryParse(Encoding.Latin1.GetString(rest), out SessionToken token))
        {
            return SessionKey.For(sessionNamespace, token);
        }

        // Not a token's syntax, but somebody's key all the same: its hash has that syntax. A namespace of its own keeps it apart from tokens.
        _ = SessionToken.TryParse(Base64Url.EncodeToString(SHA256.HashData(rest)), out token);
        return SessionKey.For(sessionNamespace + "#key", token);
    }
}
