using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansSessions.Connectivity.Redis;
using StackExchange.Redis;

namespace OrleansSessions.Connectivity.Tests.Redis;

/// <summary>User, password and certificates from outside the connection string.</summary>
public sealed class RedisAccessTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("redis-access-");

    private string PasswordPath => Path.Combine(_folder.FullName, "password");

    [Fact]
    public async Task Password_InAFile_IsReadAgainForEveryConnection()
    {
        await File.WriteAllTextAsync(PasswordPath, "hunter2\n", TestContext.Current.CancellationToken);
        await using ServiceProvider services = Services(("ConnectionStrings:Redis", "localhost:1,ssl=true"), ("Redis:User", "sessions"), ("Redis:PasswordPath", PasswordPath));
        ConfigurationOptions configuration = services.GetRequiredService<RedisConnection>().Configuration.Clone();
        Assert.Equal(("sessions", "hunter2", true), (configuration.User, configuration.Password, configuration.Ssl));

        await File.WriteAllTextAsync(PasswordPath, "hunter3", TestContext.Current.CancellationToken);
        Assert.Equal("hunter3", configuration.Password);

        File.Delete(PasswordPath);
        Assert.Equal("hunter3", configuration.Password);
    }

    [Fact]
    public void Options_ThatContradict_AreAllNamedWithoutThePassword()
    {
        File.WriteAllText(PasswordPath, "hunter2");
        string[] errors = Refused(
            ("ConnectionStrings:Redis", "localhost:1,user=ann,password=hunter2"),
            ("Redis:User", "sessions"),
            ("Redis:PasswordPath", PasswordPath),
            ("Redis:Tls:CertificatePath", "/no/crt"),
            ("Redis:Tls:AuthorityPath", "/no/ca"));

        Assert.Contains(errors, error => error.StartsWith($"Redis:PasswordPath is '{PasswordPath}', and ConnectionStrings:Redis has a password too", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("Redis:User is 'sessions', and ConnectionStrings:Redis has a user too", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("Redis:Tls has certificates, but ConnectionStrings:Redis does not enable TLS", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("Redis:Tls:CertificatePath is '/no/crt' and Redis:Tls:KeyPath ''; set both or none", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("Redis:Tls:CertificatePath is '/no/crt'; it can't be read", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("Redis:Tls:AuthorityPath is '/no/ca'; it can't be read", StringComparison.Ordinal));
        Assert.All(errors, error => Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, "can't be read")]
    [InlineData("\nhunter2", "its first line is empty")]
    public void PasswordFile_WithoutAPassword_IsNamed(string? text, string reason)
    {
        if (text is not null)
        {
            File.WriteAllText(PasswordPath, text);
        }

        string error = Assert.Single(Refused(("ConnectionStrings:Redis", "localhost:1"), ("Redis:PasswordPath", PasswordPath)));
        Assert.Contains($"Redis:PasswordPath is '{PasswordPath}'; {reason}", error.Replace("it can't", "can't", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificates_ThatFit_AreTaken()
    {
        using var authority = new TestAuthority("redis");
        using var certificates = new TestCertificateFolder(authority.Issue("client"), authority);
        await using ServiceProvider services = Services(
            [("ConnectionStrings:Redis", "rediss://localhost:1"), .. certificates.Settings("Redis:Tls").Select(setting => (setting.Key, setting.Value))]);

        Assert.True(services.GetRequiredService<RedisConnection>().Configuration.Ssl);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string[] Refused(params (string Key, string Value)[] settings)
    {
        using ServiceProvider services = Services(settings);
        return [.. Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<RedisOptions>>().Value).Failures];
    }

    private static ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)))
            .Build());
        services.AddLogging();
        services.AddRedisConnection();
        return services.BuildServiceProvider();
    }
}
