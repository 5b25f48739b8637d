using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.OpenIdConnect;

/// <summary>Key of what is remembered in the cluster under a name of any length.</summary>
internal static class NamedKey
{
    public static SessionKey Of(string sessionNamespace, string name)
    {
        string hash = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        return SessionToken.TryParse(hash, out SessionToken token) ? SessionKey.For(sessionNamespace, token) : throw new InvalidOperationException("A hash is a token.");
    }
}
