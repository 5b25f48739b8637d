using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.Connectivity.Certificates;

namespace OrleansSessions.Connectivity.Tests.Certificates;

public sealed class CertificateFilesTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly LogLines _log = new();
    private readonly TestAuthority _authority = new("cluster");
    private readonly TestCertificate _first;
    private readonly TestCertificateFolder _folder;
    private readonly CertificateFiles _files;

    public CertificateFilesTests()
    {
        _first = _authority.Issue("silo");
        _folder = new TestCertificateFolder(_first, _authority);
        using var loggers = new LoggerFactory([_log]);
        _files = new CertificateFiles(
            new CertificatePaths("Section", _folder.CertificatePath, _folder.KeyPath, _folder.AuthorityPath), _time, loggers.CreateLogger<CertificateFiles>());
    }

    [Fact]
    public void Certificate_ThatIsExchanged_IsUsedFromTheNextLookOn()
    {
        TestCertificate second = _authority.Issue("silo");
        _folder.Exchange(second, _authority);
        Assert.Equal(_first.SerialNumber, SerialNumber());

        _time.Advance(CertificateFiles.ReadInterval);
        Assert.Equal(second.SerialNumber, SerialNumber());
        Assert.Contains("The certificates of Section have changed; new connections use them", Assert.Single(_log.Lines));
    }

    [Fact]
    public void Exchange_HalfDone_KeepsTheOldPairAndWarnsOnceWithoutTheKey()
    {
        TestCertificate second = _authority.Issue("silo");
        _folder.Exchange(_first.Pem, second.KeyPem, _authority.Pem);
        _time.Advance(CertificateFiles.ReadInterval);
        Assert.Equal(_first.SerialNumber, SerialNumber());
        Assert.Empty(_log.Lines);

        _time.Advance(CertificateFiles.ReadInterval);
        _time.Advance(CertificateFiles.ReadInterval);
        Assert.Equal(_first.SerialNumber, SerialNumber());
        string line = Assert.Single(_log.Lines);
        Assert.Contains("the previous ones stay in use", line);
        Assert.Contains(_folder.KeyPath, line);
        Assert.DoesNotContain(second.KeyPem.Split('\n')[1], line);

        _folder.Exchange(second, _authority);
        _time.Advance(CertificateFiles.ReadInterval);
        Assert.Equal(second.SerialNumber, SerialNumber());
    }

    [Fact]
    public void Files_ThatAreGone_KeepTheCertificates()
    {
        File.Delete(_folder.KeyPath);
        _time.Advance(CertificateFiles.ReadInterval);
        Assert.Equal(_first.SerialNumber, SerialNumber());
    }

    public void Dispose()
    {
        _files.Dispose();
        _folder.Dispose();
        _authority.Dispose();
    }

    private string? SerialNumber() => _files.Current.Own?.TargetCertificate.SerialNumber;
}
