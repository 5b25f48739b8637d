namespace OrleansSessions.Connectivity.Certificates;

/// <summary>Paths of a set of PEM files, with requirements.</summary>
/// <param name="Section">The configuration section of the paths, for errors.</param>
/// <param name="Certificate">The certificate of this process, followed by those of intermediate authorities. Null: none.</param>
/// <param name="Key">The certificate's unencrypted key.</param>
/// <param name="Authority">The authorities to trust for peers. Null: none of our own.</param>
public sealed record CertificatePaths(string Section, string? Certificate, string? Key, string? Authority)
{
    /// <summary>Whether these authorities must also have issued this process' certificate. Default: false.</summary>
    public bool MustBeIssuedByAuthority { get; init; }

    /// <summary>The DNS name that the certificate must have as a subject alternative name. Default: null, any.</summary>
    public string? RequiredName { get; init; }
}
