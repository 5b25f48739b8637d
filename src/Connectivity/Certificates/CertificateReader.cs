using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansSessions.Connectivity.Certificates;

/// <summary>Reader of a set of PEM files that reports every error with option and path. Never prints the content of a key file.</summary>
public static class CertificateReader
{
    /// <summary>Reads the files.</summary>
    /// <param name="paths">The files and their requirements.</param>
    /// <param name="errors">Receives the errors.</param>
    /// <returns>The certificates, or null if there is an error.</returns>
    public static CertificateSet? Read(CertificatePaths paths, ICollection<string> errors)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(errors);
        List<string> wrong = [];
        CertificateSet? set = Parse(paths, CertificateText.Read(paths, wrong), wrong);
        foreach (string error in wrong)
        {
            errors.Add(error);
        }

        return set;
    }

    /// <summary>Parses the content of the files.</summary>
    /// <param name="paths">The files and their requirements.</param>
    /// <param name="text">The content.</param>
    /// <param name="errors">The errors so far; receives further ones.</param>
    internal static CertificateSet? Parse(CertificatePaths paths, CertificateText text, List<string> errors)
    {
        X509Certificate2Collection authorities = text.Authority is null ? [] : ParseAuthorities(paths, text.Authority, errors);
        SslStreamCertificateContext? own = text.Certificate is null || text.Key is null ? null : ParseOwn(paths, text.Certificate, text.Key, errors);
        var set = new CertificateSet(own, authorities);
        if (errors.Count == 0 && own is not null)
        {
            CheckOwn(paths, set, own, errors);
        }

        return errors.Count == 0 ? set : null;
    }

    private static X509Certificate2Collection ParseAuthorities(CertificatePaths paths, string text, List<string> errors)
    {
        X509Certificate2Collection authorities = [];
        try
        {
            authorities.ImportFromPem(text);
            if (authorities.Count == 0)
            {
                errors.Add(CertificateText.Error(paths, nameof(paths.Authority), paths.Authority, "it contains no PEM certificate."));
            }
        }
        catch (CryptographicException exception)
        {
            errors.Add(CertificateText.Error(paths, nameof(paths.Authority), paths.Authority, $"it does not consist of PEM certificates: {exception.Message}"));
        }

        return authorities;
    }

    private static SslStreamCertificateContext? ParseOwn(CertificatePaths paths, string certificate, string key, List<string> errors)
    {
        X509Certificate2Collection intermediates = [];
        try
        {
            intermediates.ImportFromPem(certificate);
        }
        catch (CryptographicException exception)
        {
            errors.Add(CertificateText.Error(paths, nameof(paths.Certificate), paths.Certificate, $"it is not a PEM certificate: {exception.Message}"));
            return null;
        }

        if (intermediates.Count == 0)
        {
            errors.Add(CertificateText.Error(paths, nameof(paths.Certificate), paths.Certificate, "it contains no PEM certificate."));
            return null;
        }

        intermediates.RemoveAt(0);
        try
        {
            return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(certificate, key), intermediates, offline: true);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            errors.Add(CertificateText.Error(
                paths, nameof(paths.Key), paths.Key, $"it is not the unencrypted PEM key of the certificate in '{paths.Certificate}': {exception.Message}"));
            return null;
        }
    }

    private static void CheckOwn(CertificatePaths paths, CertificateSet set, SslStreamCertificateContext own, List<string> errors)
    {
        X509Certificate2 certificate = own.TargetCertificate;
        if (paths.MustBeIssuedByAuthority)
        {
            using var chain = new X509Chain { ChainPolicy = set.CreateChainPolicy() };
            chain.ChainPolicy.ExtraStore.AddRange(own.IntermediateCertificates.ToArray());
            if (!chain.Build(certificate))
            {
                string reasons = string.Join(' ', chain.ChainStatus.Select(status => status.StatusInformation.Trim()));
                errors.Add(CertificateText.Error(
                    paths,
                    nameof(paths.Certificate),
                    paths.Certificate,
                    $"no peer would accept it (it is valid from {certificate.NotBefore:u} to {certificate.NotAfter:u}; authorities: '{paths.Authority}'): {reasons}"));
            }
        }

        if (paths.RequiredName is { } name && !certificate.MatchesHostname(name, allowWildcards: false, allowCommonName: false))
        {
            errors.Add(CertificateText.Error(
                paths, nameof(paths.Certificate), paths.Certificate, $"its subject alternative names do not include the silos' DNS name '{name}'."));
        }
    }
}
