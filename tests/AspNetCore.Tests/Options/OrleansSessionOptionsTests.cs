using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansSessions.AspNetCore.Headers;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Options;

public sealed class OrleansSessionOptionsTests(SessionCluster cluster)
{
    public static TheoryData<string, Action<OrleansSessionOptions>> Mistakes => new()
    {
        { "Sessions:IdleTimeout is '00:00:00'", options => options.IdleTimeout = TimeSpan.Zero },
        { "Sessions:IdleTimeout is '401.00:00:00'", options => options.IdleTimeout = TimeSpan.FromDays(401) },
        { "Sessions:AbsoluteLifetime is '-00:00:01'", options => options.AbsoluteLifetime = TimeSpan.FromSeconds(-1) },
        { "Sessions:IOTimeout is '00:00:01'", options => options.IOTimeout = TimeSpan.FromSeconds(1) },
        { "Sessions:IOTimeout is '00:01:00'", options => options.IOTimeout = TimeSpan.FromMinutes(1) },
        { "Sessions:RotationGrace is '-00:00:01'", options => options.RotationGrace = TimeSpan.FromSeconds(-1) },
        { "Sessions:RotationGrace is '00:01:01'", options => options.RotationGrace = TimeSpan.FromSeconds(61) },
        { "Sessions:UserKeySecret must be at least 32 bytes", options => options.UserKeySecret = "c2hvcnQ=" },
        { "Sessions:UserKeySecret must be at least 32 bytes", options => options.UserKeySecret = "no base64" },
        { "Sessions:UserKeySecretFile is '/nonexistent'", options => options.UserKeySecretFile = "/nonexistent" },
        { "Sessions:UserKeySecretFile is '/nonexistent', and UserKeySecret is set too", options =>
            {
                options.UserKeySecretFile = "/nonexistent";
                options.UserKeySecret = "c2hvcnQ=";
            } },
        { "Sessions:Namespace is 'a?b'", options => options.Namespace = "a\0b" },
        { "Sessions:Namespace is 'äää", options => options.Namespace = new string('ä', 65) },
        { "Sessions:Cookie:SameSite is 'None'", options =>
            {
                options.Cookie.SameSite = SameSiteMode.None;
                options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            } },
        { "Sessions:Cookie:Name is '__Host-x'", options =>
            {
                options.Cookie.Name = "__Host-x";
                options.Cookie.Domain = "example.org";
            } },
        { "Sessions:Transport is '7'", options => options.Transport = (SessionTransport)7 },
        { "Sessions:Header:Name is 'my header'", options => options.Header.Name = "my header" },
        { "Sessions:Header:Name is 'cookie'", options => options.Header.Name = "cookie" },
        { "Sessions:Header:ResponseName is ''", options => options.Header.ResponseName = "" },
        { "Sessions:Header:ResponseName is 'Set-Cookie'", options => options.Header.ResponseName = "Set-Cookie" },
        { "Sessions:ClearSiteData is '\"cache\"'", options => options.ClearSiteData = "\"cache\"" },
        { "Sessions:Cookie:Name is 'my session'", options => options.Cookie.Name = "my session" },
        { "Sessions:Cookie:Name is 'a;b'", options => options.Cookie.Name = "a;b" },
        { "Sessions:Cookie:Name is 'a=b'", options => options.Cookie.Name = "a=b" },
        { "Sessions:Cookie:Name is '__Secure-x'", options =>
            {
                options.Cookie.Name = "__Secure-x";
                options.Cookie.SecurePolicy = CookieSecurePolicy.None;
            } },
    };

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public async Task Start_WithAMistake_FailsNamingOptionAndValue(string expected, Action<OrleansSessionOptions> mistake)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            TestApp.StartAsync(cluster.Grains, TestPipeline.Sessions, builder => builder.Services.Configure(mistake)));

        Assert.StartsWith(expected, Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithSeveralMistakes_ListsThemAll()
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            TestApp.StartAsync(cluster.Grains, TestPipeline.Sessions, builder => builder.Configuration.AddInMemoryCollection(
            [
                new("Sessions:IdleTimeout", "00:00:00.5"),
                new("Sessions:AbsoluteLifetime", "1000.00:00:00"),
                new("Sessions:IOTimeout", "00:00:00"),
                new("Sessions:Cookie:SameSite", "None"),
                new("Sessions:Cookie:SecurePolicy", "None"),
            ])));

        string[] failures = [.. exception.Failures];
        Assert.Equal(4, failures.Length);
        Assert.Contains(failures, failure => failure.StartsWith("Sessions:IdleTimeout is '00:00:00.5000000'", StringComparison.Ordinal));
        Assert.Contains(failures, failure => failure.StartsWith("Sessions:AbsoluteLifetime is '1000.00:00:00'", StringComparison.Ordinal));
        Assert.Contains(failures, failure => failure.StartsWith("Sessions:IOTimeout is '00:00:00'", StringComparison.Ordinal));
        Assert.Contains(failures, failure => failure.StartsWith("Sessions:Cookie:SameSite is 'None'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_WithAValueThatIsNoTime_NamesTheSettingAndItsValue()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            TestApp.StartAsync(cluster.Grains, TestPipeline.Sessions, builder =>
                builder.Configuration.AddInMemoryCollection([new("Sessions:IdleTimeout", "twenty minutes")])));

        Assert.Contains("Sessions:IdleTimeout", exception.Message, StringComparison.Ordinal);
        Assert.Contains("twenty minutes", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_AreThoseOfTheDocumentation()
    {
        var options = new OrleansSessionOptions();

        Assert.Equal(TimeSpan.FromMinutes(20), options.IdleTimeout);
        Assert.Null(options.AbsoluteLifetime);
        Assert.Equal(TimeSpan.FromSeconds(10), options.IOTimeout);
        Assert.Equal("default", options.Namespace);
        Assert.Equal("__Host-session", options.Cookie.EffectiveName);
        Assert.True(options.Cookie.IsEssential);
    }
}
