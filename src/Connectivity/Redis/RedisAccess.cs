using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansSessions.Connectivity.Certificates;
using StackExchange.Redis;

namespace OrleansSessions.Connectivity.Redis;

/// <summary>User, password and certificates for a connection that are not in its connection string.</summary>
internal static class RedisAccess
{
    private static readonly Oid ServerUsage = new("1.3.6.1.5.5.7.3.1");

    public static void Apply(ConfigurationOptions configuration, RedisOptions options, CertificateFiles? certificates)
    {
        if (!string.IsNullOrEmpty(options.User))
        {
            configuration.User = options.User;
        }

        if (!string.IsNullOrEmpty(options.PasswordPath))
        {
            // Keep the previous defaults provider's value.
            configuration.Ssl = configuration.Ssl;
            configuration.Defaults = new PasswordFile(options.PasswordPath);
        }

        if (certificates is null)
        {
            return;
        }

        if (!string.IsNullOrEmpty(options.Tls.CertificatePath))
        {
            configuration.CertificateSelection += (_, _, _, _, _) => certificates.Current.Own!.TargetCertificate;
        }

        if (!string.IsNullOrEmpty(options.Tls.AuthorityPath))
        {
            configuration.CertificateValidation += (_, certificate, chain, errors) => IsTrusted(certificates.Current, certificate, chain, errors);
        }
    }

    /// <summary>Whether the system or our authorities trust the certificate. The name must match in both cases.</summary>
    private static bool IsTrusted(CertificateSet certificates, X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        if (errors is SslPolicyErrors.None)
        {
            return true;
        }

        if (errors is not SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 server)
        {
            return false;
        }

        using var chain = new X509Chain { ChainPolicy = certificates.CreateChainPolicy() };
        chain.ChainPolicy.ApplicationPolicy.Add(ServerUsage);
        if (presented is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        }

        return chain.Build(server);
    }
}
