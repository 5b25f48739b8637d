using System.Runtime.InteropServices;

namespace OrleansSessions.Tests.Shared;

/// <summary>
/// Folder with <c>tls.crt</c>, <c>tls.key</c> and <c>ca.crt</c>, replaced like a secret mounted by Kubernetes: the files are links through <c>..data</c>, a link
/// to a folder that a new link replaces atomically.
/// </summary>
internal sealed class TestCertificateFolder : IDisposable
{
    private static readonly string[] Names = ["tls.crt", "tls.key", "ca.crt"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleans-sessions-certificates-");
    private int _version;

    public TestCertificateFolder(TestCertificate certificate, params TestAuthority[] authorities)
    {
        Exchange(certificate, authorities);
        foreach (string name in Names)
        {
            File.CreateSymbolicLink(Path.Combine(_folder.FullName, name), Path.Combine("..data", name));
        }
    }

    public string CertificatePath => Path.Combine(_folder.FullName, Names[0]);

    public string KeyPath => Path.Combine(_folder.FullName, Names[1]);

    public string AuthorityPath => Path.Combine(_folder.FullName, Names[2]);

    /// <summary>The settings for a process that uses them.</summary>
    public IReadOnlyDictionary<string, string> Settings(string section) => new Dictionary<string, string>
    {
        [$"{section}:CertificatePath"] = CertificatePath,
        [$"{section}:KeyPath"] = KeyPath,
        [$"{section}:AuthorityPath"] = AuthorityPath,
    };

    public void Exchange(TestCertificate certificate, params TestAuthority[] authorities) =>
        Exchange(certificate.Pem, certificate.KeyPem, string.Concat(authorities.Select(authority => authority.Pem)));

    public void Exchange(string certificate, string key, string authority)
    {
        string version = $"..{_version++}";
        DirectoryInfo data = _folder.CreateSubdirectory(version);
        foreach ((string name, string text) in Names.Zip([certificate, key, authority]))
        {
            File.WriteAllText(Path.Combine(data.FullName, name), text);
        }

        string link = Path.Combine(_folder.FullName, "..data_tmp");
        File.CreateSymbolicLink(link, version);
        if (Rename(link, Path.Combine(_folder.FullName, "..data")) != 0)
        {
            throw new IOException($"rename: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // .NET can't move a link to a folder over another.
    [DllImport("libc", EntryPoint = "rename", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Rename([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);
}
