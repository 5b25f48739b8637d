using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansSessions.Connectivity.Certificates;
using StackExchange.Redis;

namespace OrleansSessions.Connectivity.Redis;

/// <summary>Gives a connection the user, the password and the certificates that its connection string does not hold.</summary>
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
            // What the provider of defaults before would have said.
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

    /// <summary>Trusted by the system, or else by our authorities. The name must be right in both cases.</summary>
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
