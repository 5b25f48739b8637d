using OrleansSessions.Connectivity.Certificates;

namespace OrleansSessions.Connectivity.Tests.Certificates;

public sealed class CertificateReaderTests : IDisposable
{
    private const string Silo = "orleans-sessions-silo";

    private readonly TestAuthority _authority = new("cluster");
    private readonly TestAuthority _other = new("other");
    private readonly TestCertificateFolder _folder;

    public CertificateReaderTests() => _folder = new TestCertificateFolder(_authority.Issue(Silo), _authority);

    private CertificatePaths Paths => new("Section", _folder.CertificatePath, _folder.KeyPath, _folder.AuthorityPath)
    {
        MustBeIssuedByAuthority = true,
        RequiredName = Silo,
    };

    [Fact]
    public void Files_ThatBelongTogether_AreRead()
    {
        List<string> errors = [];
        CertificateSet? set = CertificateReader.Read(Paths, errors);
        Assert.Empty(errors);
        Assert.True(set?.Own?.TargetCertificate.HasPrivateKey);
    }

    [Fact]
    public void Files_ThatAreMissing_AreAllNamed()
    {
        List<string> errors = [];
        Assert.Null(CertificateReader.Read(new CertificatePaths("Section", "/no/crt", "/no/key", "/no/ca"), errors));
        Assert.Equal(3, errors.Count);
        Assert.Contains("Section:CertificatePath is '/no/crt'; it can't be read", errors[0]);
        Assert.Contains("Section:KeyPath is '/no/key'; it can't be read", errors[1]);
        Assert.Contains("Section:AuthorityPath is '/no/ca'; it can't be read", errors[2]);
    }

    [Fact]
    public void Key_OfAnotherCertificate_IsNamedAndNotRepeated()
    {
        TestCertificate other = _authority.Issue(Silo);
        _folder.Exchange(_authority.Issue(Silo).Pem, other.KeyPem, _authority.Pem);
        string error = ReadWrong();
        Assert.Contains($"Section:KeyPath is '{_folder.KeyPath}'; it is not the unencrypted PEM key", error);
        Assert.DoesNotContain(other.KeyPem.Split('\n')[1], error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    public void Text_ThatIsNoCertificate_IsRefused(string text)
    {
        TestCertificate good = _authority.Issue(Silo);
        _folder.Exchange(text, good.KeyPem, _authority.Pem);
        Assert.Contains("Section:CertificatePath is", ReadWrong());

        _folder.Exchange(good.Pem, text, _authority.Pem);
        Assert.Contains("Section:KeyPath is", ReadWrong());

        _folder.Exchange(good.Pem, good.KeyPem, text);
        Assert.Contains("Section:AuthorityPath is", ReadWrong());
    }

    [Fact]
    public void Certificate_ThatPeersWouldRefuse_IsRefusedHere()
    {
        _folder.Exchange(_other.Issue(Silo), _authority);
        Assert.Contains("no peer would accept it", ReadWrong());

        _folder.Exchange(_authority.Issue(Silo, DateTimeOffset.UtcNow.AddDays(-1)), _authority);
        Assert.Contains("no peer would accept it", ReadWrong());

        _folder.Exchange(_authority.Issue("frontend"), _authority);
        Assert.Contains("do not include the silos' DNS name 'orleans-sessions-silo'", ReadWrong());
    }

    public void Dispose()
    {
        _folder.Dispose();
        _authority.Dispose();
        _other.Dispose();
    }

    private string ReadWrong()
    {
        List<string> errors = [];
        Assert.Null(CertificateReader.Read(Paths, errors));
        return Assert.Single(errors);
    }
}
