using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Hosting;

namespace OrleansSessions.Resp.Keys;

/// <summary>
/// Finds the session that a key stands for. A configured prefix and a token: the session of that token, in the prefix's namespace, which ASP.NET Core frontends
/// can use too. A prefix, <c>~</c> and a <see cref="SessionKey"/>: that session; SCAN lists sessions so, because nobody knows their tokens. Every other key is the
/// name of a session of its own. A key that ends in <c>_LOCK</c> is the lock of the session before it.
/// </summary>
internal sealed class KeyMap(IOptions<RespOptions> options)
{
    private const byte HandleMark = (byte)'~';

    private static readonly int HandleLength = Base64Url.GetEncodedLength(SHA256.HashSizeInBytes);

    private readonly (byte[] Bytes, string Text)[] _prefixes =
        [.. options.Value.Prefixes.Distinct().OrderByDescending(static prefix => prefix.Length).Select(static prefix => (Encoding.UTF8.GetBytes(prefix), prefix))];

    /// <summary>The prefixes whose sessions can be listed.</summary>
    public IReadOnlyList<string> Prefixes { get; } = [.. options.Value.Prefixes.Distinct()];

    /// <summary>The namespace of a prefix's sessions in a database.</summary>
    public static string NamespaceOf(string prefix, int database) => database == 0 ? prefix : $"{prefix}#{database}";

    /// <summary>The key under which SCAN shows a session.</summary>
    public static string HandleOf(string prefix, string sessionKey) => $"{prefix}{(char)HandleMark}{sessionKey}";

    /// <summary>Finds what a key stands for.</summary>
    public SessionAddress Map(ReadOnlySpan<byte> key, int database)
    {
        bool isLock = key.EndsWith("_LOCK"u8);
        if (isLock)
        {
            key = key[..^"_LOCK"u8.Length];
        }

        foreach ((byte[] bytes, string text) in _prefixes)
        {
            if (key.StartsWith(bytes))
            {
                return Derive(NamespaceOf(text, database), key[bytes.Length..], isLock);
            }
        }

        return Derive(NamespaceOf("", database), key, isLock);
    }

    private static SessionAddress Derive(string sessionNamespace, ReadOnlySpan<byte> rest, bool isLock)
    {
        if (rest.Length == HandleLength + 1 && rest[0] == HandleMark && Base64Url.IsValid(rest[1..]))
        {
            return new SessionAddress(new SessionKey(Encoding.ASCII.GetString(rest[1..])), sessionNamespace, isLock);
        }

        if (!SessionToken.TryParse(Encoding.Latin1.GetString(rest), out SessionToken token))
        {
            // Not a token's syntax, but somebody's key all the same: its hash has that syntax. The namespace of its own keeps it apart from tokens.
            _ = SessionToken.TryParse(Base64Url.EncodeToString(SHA256.HashData(rest)), out token);
            return new SessionAddress(SessionKey.For(sessionNamespace + "#key", token), sessionNamespace, isLock);
        }

        return new SessionAddress(SessionKey.For(sessionNamespace, token), sessionNamespace, isLock);
    }
}
