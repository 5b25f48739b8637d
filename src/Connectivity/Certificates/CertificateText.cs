using System.Security.Cryptography;
using System.Text;

namespace OrleansSessions.Connectivity.Certificates;

/// <summary>Content of the files, with a hash for change detection. It contains a key: never keep or print it.</summary>
internal readonly struct CertificateText
{
    private CertificateText(string? certificate, string? key, string? authority)
    {
        (Certificate, Key, Authority) = (certificate, key, authority);
        Hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{certificate}\0{key}\0{authority}")));
    }

    public string? Certificate { get; }

    public string? Key { get; }

    public string? Authority { get; }

    public string Hash { get; }

    public static CertificateText Read(CertificatePaths paths, List<string> errors) => new(
        Read(paths, nameof(paths.Certificate), paths.Certificate, errors),
        Read(paths, nameof(paths.Key), paths.Key, errors),
        Read(paths, nameof(paths.Authority), paths.Authority, errors));

    /// <summary>Creates an error that names option and path.</summary>
    public static string Error(CertificatePaths paths, string option, string? path, string reason) => $"{paths.Section}:{option}Path is '{path}'; {reason}";

    private static string? Read(CertificatePaths paths, string option, string? path, List<string> errors)
    {
        if (string.IsNullOrEmpty(path))
        {
            return null;
        }

        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            errors.Add(Error(paths, option, path, $"it can't be read: {exception.Message}"));
            return null;
        }
    }
}
