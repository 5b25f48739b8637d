using System.Security.Cryptography.X509Certificates;

namespace OrleansSessions.Tests.Shared;

/// <summary>A certificate and its key, in PEM.</summary>
internal sealed record TestCertificate(string Pem, string KeyPem, string SerialNumber)
{
    public X509Certificate2 Load() => X509Certificate2.CreateFromPem(Pem, KeyPem);
}
