using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.Connectivity.Files;
using Xunit;

namespace OrleansSessions.AspNetCore.ServiceTokens.Tests;

/// <summary>The options and the directory of keys.</summary>
public sealed class SigningKeyTests : IDisposable
{
    private readonly SigningKeyFolder _keys = new("first");

    public void Dispose() => _keys.Dispose();

    [Fact]
    public void Options_WithEveryDefect_AreRefusedByNameAtOnce()
    {
        ValidateOptionsResult result = new ServiceTokenOptionsValidator().Validate(name: null, new() { Issuer = "localhost", Lifetime = TimeSpan.FromHours(2) });

        string[] failures = [.. result.Failures!];
        Assert.Equal(4, failures.Length);
        Assert.All(["Issuer", "Audiences", "Lifetime", "KeyDirectory"], option => Assert.Contains(failures, failure => failure.Contains(option, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("no key")]
    [InlineData("the public half")]
    [InlineData("another curve")]
    [InlineData("RSA")]
    public void Start_WithAFileThatIsNoKey_FailsNamingIt(string defect)
    {
        using var right = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var wrong = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        _keys.Write("bad", defect switch
        {
            "the public half" => right.ExportSubjectPublicKeyInfoPem(),
            "another curve" => wrong.ExportPkcs8PrivateKeyPem(),
            "RSA" => rsa.ExportPkcs8PrivateKeyPem(),
            _ => defect,
        });

        Assert.Contains("'bad' must hold", Assert.Single(Validate()), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_WithoutAnActiveKey_FailsNamingTheFile()
    {
        _keys.Activate("missing");
        Assert.Contains("'missing', which has no file", Assert.Single(Validate()), StringComparison.Ordinal);
        _keys.Remove(KeyDirectoryContent.ActiveFile);
        Assert.Contains("'active' must hold", Assert.Single(Validate()), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_WithOneKeyUnderTwoIds_FailsNamingBoth()
    {
        _keys.Copy("first", "second");

        Assert.Contains("the files 'first' and 'second' hold the same key", Assert.Single(Validate()), StringComparison.Ordinal);
    }

    /// <summary>As written by <c>openssl ecparam -genkey</c>.</summary>
    [Fact]
    public void Key_InTheFormatSec1AfterItsParameters_IsRead()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _keys.Write("second", $"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n{key.ExportECPrivateKeyPem()}");

        Assert.Empty(Validate());
    }

    [Fact]
    public void Change_ThatIsNotValid_KeepsTheKeysAndIsLoggedOnce()
    {
        FakeTimeProvider time = new();
        using LogCapture logs = new();
        using ILoggerFactory factory = LoggerFactory.Create(logging => logging.AddProvider(logs));
        using var files = new SigningKeyFiles(Options.Create(OptionsOfFolder()), time, factory.CreateLogger<SigningKeyFiles>());
        _keys.Write("second", "no key");
        for (int look = 0; look < 5; look++)
        {
            time.Advance(FileWatch<SigningKeyRing>.ReadInterval);
        }

        Assert.Equal("first", files.Current.Active.Kid);
        Assert.Contains("second", Assert.Single(logs.Records, static record => record.Level == LogLevel.Warning).Text, StringComparison.Ordinal);

        _keys.Add("second");
        _keys.Activate("second");
        time.Advance(FileWatch<SigningKeyRing>.ReadInterval);
        Assert.Equal("second", files.Current.Active.Kid);
    }

    [Fact]
    public void Token_Printed_IsRedacted() => Assert.Equal("[redacted]", $"{new ServiceToken("secret", DateTimeOffset.UnixEpoch)}");

    private ServiceTokenOptions OptionsOfFolder()
    {
        ServiceTokenOptions options = new();
        _keys.Configure(options);
        return options;
    }

    private IEnumerable<string> Validate() => new ServiceTokenOptionsValidator().Validate(name: null, OptionsOfFolder()).Failures ?? [];
}
