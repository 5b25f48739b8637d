using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansSessions.Connectivity.ClusterTls;

namespace OrleansSessions.Connectivity.Tests.ClusterTls;

public sealed class ClusterTlsOptionsTests
{
    [Fact]
    public void Nothing_Configured_IsNoTls() => Assert.False(Options(isSilo: true).IsEnabled);

    [Fact]
    public void One_PathAlone_AsksForTheOthersAndForTheFile()
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(
            () => Options(isSilo: true, KeyValuePair.Create<string, string?>("SessionCluster:Tls:CertificatePath", "/no/crt")));

        Assert.Contains(refused.Failures, failure => failure.StartsWith("SessionCluster:Tls:KeyPath is ''", StringComparison.Ordinal));
        Assert.Contains(refused.Failures, failure => failure.StartsWith("SessionCluster:Tls:AuthorityPath is ''", StringComparison.Ordinal));
        Assert.Contains(refused.Failures, failure => failure.StartsWith("SessionCluster:Tls:CertificatePath is '/no/crt'; it can't be read", StringComparison.Ordinal));
    }

    [Fact]
    public void Certificate_OfAFrontend_WillNotDoForASilo()
    {
        using var authority = new TestAuthority("cluster");
        using var folder = new TestCertificateFolder(authority.Issue("frontend"), authority);
        KeyValuePair<string, string?>[] settings =
            [.. folder.Settings(ClusterTlsOptions.SectionName).Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value))];

        Assert.True(Options(isSilo: false, settings).IsEnabled);
        Assert.Throws<OptionsValidationException>(() => Options(isSilo: true, settings));
        Assert.True(Options(isSilo: true, [.. settings, KeyValuePair.Create<string, string?>("SessionCluster:Tls:SiloName", "frontend")]).IsEnabled);
    }

    private static ClusterTlsOptions Options(bool isSilo, params KeyValuePair<string, string?>[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddClusterTls(isSilo);
        using ServiceProvider provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<ClusterTlsOptions>>().Value;
    }
}
