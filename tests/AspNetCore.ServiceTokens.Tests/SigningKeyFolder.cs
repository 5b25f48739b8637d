using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using OrleansSessions.Connectivity.Files;

namespace OrleansSessions.AspNetCore.ServiceTokens.Tests;

/// <summary>Temporary directory of signing keys.</summary>
internal sealed class SigningKeyFolder : IDisposable
{
    public SigningKeyFolder(string active)
    {
        Add(active);
        Activate(active);
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("signing-keys-").FullName;

    public void Add(string id)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Write(id, key.ExportPkcs8PrivateKeyPem());
    }

    public void Activate(string id) => Write(KeyDirectoryContent.ActiveFile, id + "\n");

    public void Remove(string id) => File.Delete(System.IO.Path.Combine(Path, id));

    public void Copy(string id, string to) => File.Copy(System.IO.Path.Combine(Path, id), System.IO.Path.Combine(Path, to));

    public void Write(string name, string text) => File.WriteAllText(System.IO.Path.Combine(Path, name), text);

    /// <summary>Options with this directory.</summary>
    public void Configure(ServiceTokenOptions options)
    {
        options.Issuer = Frontend.Issuer;
        options.Audiences.Add(Frontend.Orders);
        options.Audiences.Add(Frontend.Billing);
        options.KeyDirectory = Path;
    }

    /// <summary>A key that is not in the directory.</summary>
    public static SigningCredentials AnotherKey(string id) =>
        new(new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = id }, SecurityAlgorithms.EcdsaSha256);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
