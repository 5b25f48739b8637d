namespace OrleansSessions.Connectivity.Certificates;

/// <summary>The PEM files that belong together, and what must be true of them.</summary>
/// <param name="Section">The configuration section that names them, for errors.</param>
/// <param name="Certificate">The certificate of this process, followed by those of intermediate authorities. Null: it has none.</param>
/// <param name="Key">The certificate's key, not encrypted.</param>
/// <param name="Authority">The certificates of the authorities that peers are trusted for. Null: none of our own.</param>
public sealed record CertificatePaths(string Section, string? Certificate, string? Key, string? Authority)
{
    /// <summary>Whether the authorities must have issued the certificate of this process too. Default: no.</summary>
    public bool MustBeIssuedByAuthority { get; init; }

    /// <summary>The DNS name that the certificate must carry as a subject alternative name. Null, the default: any.</summary>
    public string? RequiredName { get; init; }
}
