using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Configuration;

namespace OrleansSessions.Resp.Keys;

/// <summary>
/// Mapping from keys to sessions. A configured prefix and a token: the session of that token in the prefix's namespace, which ASP.NET Core frontends can share.
/// <c>~</c>, a prefix and a <see cref="SessionKey"/>: that session; SCAN lists such handles, because tokens are not stored. Every other key names a session of its
/// own, and so does a token with a secret part: only frontends open its session. Under a merging prefix, a key that ends in <c>_LOCK</c> is the lock of the session
/// named before it.
/// </summary>
internal sealed class KeyMap(IOptions<RespOptions> options)
{
    /// <summary>Precedes the prefix in a handle. Applications put their prefix before what a browser sent, so no browser can send a handle.</summary>
    private const byte HandleMark = (byte)'~';

    private static readonly int SessionKeyLength = Base64Url.GetEncodedLength(SHA256.HashSizeInBytes);

    private readonly (byte[] Bytes, string Text, bool Merges)[] _prefixes =
    [
        .. options.Value.Prefixes
            .OrderByDescending(static prefix => prefix.Prefix.Length)
            .Select(static prefix => (Encoding.UTF8.GetBytes(prefix.Prefix), prefix.Prefix, prefix.Merges)),
    ];

    /// <summary>The prefixes with listable sessions.</summary>
    public IReadOnlyList<string> Prefixes { get; } = [.. options.Value.Prefixes.Select(static prefix => prefix.Prefix)];

    /// <summary>The namespace of a prefix's sessions in a database.</summary>
    public static string NamespaceOf(string prefix, int database) => database == 0 ? prefix : $"{prefix}#{database}";

    /// <summary>The handle under which SCAN lists a session.</summary>
    public static string HandleOf(string prefix, string sessionKey) => $"{(char)HandleMark}{prefix}{sessionKey}";

    /// <summary>Maps a key.</summary>
    public SessionAddress Map(ReadOnlyMemory<byte> name, int database)
    {
        ReadOnlySpan<byte> key = name.Span;
        bool isHandle = key is [HandleMark, ..];
        ReadOnlySpan<byte> named = isHandle ? key[1..] : key;
        foreach ((byte[] bytes, string text, bool merges) in _prefixes)
        {
            if (named.StartsWith(bytes))
            {
                ReadOnlySpan<byte> rest = named[bytes.Length..];
                bool isLock = merges && rest.EndsWith(LockSuffix);
                rest = isLock ? rest[..^LockSuffix.Length] : rest;
                if (!isHandle || IsSessionKey(rest))
                {
                    string sessionNamespace = NamespaceOf(text, database);
                    SessionKey session = isHandle ? new SessionKey(Encoding.ASCII.GetString(rest)) : Derive(sessionNamespace, rest);
                    return new SessionAddress(session, sessionNamespace, merges, isLock, name, database);
                }
            }
        }

        string ownNamespace = NamespaceOf("", database);
        return new SessionAddress(Derive(ownNamespace, key), ownNamespace, Merges: false, IsLock: false, name, database);
    }

    private static ReadOnlySpan<byte> LockSuffix => "_LOCK"u8;

    private static bool IsSessionKey(ReadOnlySpan<byte> text) => text.Length == SessionKeyLength && Base64Url.IsValid(text);

    private static SessionKey Derive(string sessionNamespace, ReadOnlySpan<byte> rest)
    {
        if (SessionToken.TryParse(Encoding.Latin1.GetString(rest), out SessionToken token) && !token.HasSecret)
        {
            return SessionKey.For(sessionNamespace, token);
        }

        // A valid key that does not have the syntax of a token without a secret part: its hash does. A separate namespace keeps it apart from tokens.
        _ = SessionToken.TryParse(Base64Url.EncodeToString(SHA256.HashData(rest)), out token);
        return SessionKey.For(sessionNamespace + "#key", token);
    }
}
