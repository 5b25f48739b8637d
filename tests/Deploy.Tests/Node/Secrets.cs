using System.Security.Cryptography;
using System.Text;
using k8s.Models;
using OrleansSessions.Deploy.Tests.Kubernetes;
using OrleansSessions.Tests.Shared;

namespace OrleansSessions.Deploy.Tests.Node;

/// <summary>Secrets of an overlay, and those that the operator must provide.</summary>
internal static class Secrets
{
    private static readonly string[] Names =
        ["orleans-sessions-silo", "orleans-sessions-frontend", "orleans-sessions-redis", "orleans-sessions-resp", "sessions.example.com"];

    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Make(Overlay overlay, TestAuthority authority)
    {
        var secrets = overlay.All<V1Secret>().ToDictionary(
            secret => secret.Metadata.Name,
            IReadOnlyDictionary<string, string> (secret) => secret.Data.ToDictionary(entry => entry.Key, entry => Encoding.UTF8.GetString(entry.Value)));
        foreach (string name in Names)
        {
            TestCertificate certificate = authority.Issue(name);
            secrets.TryAdd(
                (name == "sessions.example.com" ? "orleans-sessions-web" : name) + "-tls",
                new Dictionary<string, string> { ["tls.crt"] = certificate.Pem, ["tls.key"] = certificate.KeyPem, ["ca.crt"] = authority.Pem });
        }

        string password = RandomNumberGenerator.GetHexString(32);
        string users = File.ReadAllText(EndToEnd.Tests.Repository.Source("deploy/kubernetes/overlays/dev/users.acl"));
        secrets.TryAdd("orleans-sessions-redis", new Dictionary<string, string>
        {
            ["password"] = password,
            ["users.acl"] = users.Replace(">development", ">" + password, StringComparison.Ordinal),
        });
        secrets.TryAdd("orleans-sessions-resp", new Dictionary<string, string> { ["password"] = RandomNumberGenerator.GetHexString(32) });
        secrets.TryAdd("orleans-sessions-users", new Dictionary<string, string> { ["key-secret"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) });
        return secrets;
    }
}
