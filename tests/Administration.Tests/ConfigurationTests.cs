using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OrleansSessions.Administration.Tests;

/// <summary>Settings that are refused when the process starts.</summary>
public sealed class ConfigurationTests
{
    private static readonly string Key = new('k', 43);

    [Theory]
    [InlineData("http://127.0.0.1:8082")]
    [InlineData("http://localhost:8082")]
    [InlineData("https://10.1.2.3:8082")]
    [InlineData("https://*:8082", "scheme, host and port")]
    [InlineData("http://10.1.2.3:8082", "https beyond this machine")]
    [InlineData("http://ada@127.0.0.1:8082", "scheme, host and port")]
    [InlineData("http://127.0.0.1:8082/admin", "scheme, host and port")]
    [InlineData("ftp://127.0.0.1:8082", "scheme, host and port")]
    public void Url_IsAnEndpointThatKeysMayTravelTo(string url, string? error = null) => AssertRefused(error, [$"ada read {Key}"], ("Url", url));

    [Theory]
    [InlineData("ada read,end,values KEY")]
    [InlineData("  # a comment")]
    [InlineData("ada read", "a name, permissions and a key")]
    [InlineData("ada read KEY more", "a name, permissions and a key")]
    [InlineData("ada write KEY", "other permissions")]
    [InlineData("ada read short", "a key of fewer")]
    [InlineData("ada read KEY|ada end KEY", "a name of its own")]
    [InlineData("ada read KEY|bob end KEY", "the key of ada")]
    public void KeysFile_IsCheckedAndItsKeysNeverShown(string text, string? error = null)
    {
        string message = AssertRefused(error, text.Replace("KEY", Key, StringComparison.Ordinal).Split('|'), ("Url", "http://127.0.0.1:8082"));

        Assert.DoesNotContain(Key, message, StringComparison.Ordinal);
        Assert.DoesNotContain("short", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Url_WithoutKeys_IsRefused() => AssertRefused("a file of keys", null, ("Url", "http://127.0.0.1:8082"));

    [Theory]
    [InlineData("UserKeySecret", "dG9vIHNob3J0")]
    [InlineData("UserKeySecretFile", "/no/such/file")]
    [InlineData("IOTimeout", "00:01:00")]
    [InlineData("MaxAuditFeeds", "0")]
    public void Setting_ThatIsWrong_IsRefusedByName(string name, string value) => AssertRefused(name, null, (name, value));

    private static string AssertRefused(string? error, string[]? keys, params (string Name, string Value)[] settings)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(file, keys ?? []);
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [
                .. settings.Select(static setting => new KeyValuePair<string, string?>($"Administration:{setting.Name}", setting.Value)),
                .. keys is null ? [] : (KeyValuePair<string, string?>[])[new("Administration:KeysFile", file)],
            ]).Build();
            using ServiceProvider services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddSessionAdministration().BuildServiceProvider();
            var validator = services.GetRequiredService<IStartupValidator>();
            if (error is null)
            {
                validator.Validate();
                return "";
            }

            string message = Assert.Throws<OptionsValidationException>(validator.Validate).Message;
            Assert.Contains(error, message, StringComparison.Ordinal);
            return message;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
