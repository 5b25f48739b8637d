using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Configuration;

/// <summary>Output of a program with invalid settings: which are wrong and what to set, and nothing else.</summary>
public sealed class WrongSettingsTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private const string NoRedis = "error: No Redis is configured: set ConnectionStrings:Redis (environment: ConnectionStrings__Redis), for example to localhost:6379.";
    private const string NoPort = "error: Management:Port is '99999'; it must be a port, 1 to 65535, or not set.";

    [Theory]
    [InlineData("Silo", "", NoRedis)]
    [InlineData("WebFrontend", "", NoRedis)]
    [InlineData("WebFrontend", "Frontend__CoHost=true", NoRedis)]
    [InlineData("Silo", "Management__Port=99999", NoPort)]
    [InlineData("WebFrontend", "Management__Port=99999", NoPort)]
    [InlineData(
        "Silo",
        "ConnectionStrings__Redis=localhost:1 SessionCluster__SiloPort=many",
        "error: Failed to convert configuration value 'many' at 'SessionCluster:SiloPort' to type 'System.Int32'.")]
    [InlineData(
        "WebFrontend",
        "ConnectionStrings__Redis=localhost:1 Sessions__IdleTimeout=long",
        "error: Failed to convert configuration value 'long' at 'Sessions:IdleTimeout' to type 'System.TimeSpan'.")]
    public async Task Program_WithASettingThatIsWrong_SaysThatAndNothingElse_AndFails(string program, string settings, string said)
    {
        (int exitCode, string output) = await RunAsync(program, settings);

        Assert.Equal(said, output);
        Assert.Equal(1, exitCode);
    }

    [Theory]
    [InlineData("Silo", "SessionCluster__SiloPort=0 SessionCluster__SweepInterval=-1 Redis__PasswordPath=/no/password Resp__Port=70000 Shutdown__DrainDelay=1.00:00:00")]
    [InlineData(
        "WebFrontend",
        "Sessions__IdleTimeout=0 Sessions__Cookie__Name=a=b Redis__PasswordPath=/no/password Frontend__TrustedProxies__0=here "
            + "Console__IdleTimeout=0 Shutdown__DrainDelay=1.00:00:00")]
    public async Task Program_WithSeveralSettingsThatAreWrong_NamesThemAll(string program, string settings)
    {
        (int exitCode, string output) = await RunAsync(program, "ConnectionStrings__Redis=localhost:1 " + settings);

        Assert.Equal(1, exitCode);
        Assert.All(output.Split('\n'), line => Assert.StartsWith("error: ", line));
        Assert.All(settings.Split(' '), setting => Assert.Contains(Option(setting), output));
    }

    [Fact]
    public async Task ConfigurationPage_ShowsWhatASiloPrints()
    {
        string page = await File.ReadAllTextAsync(Repository.Source("docs/configuration.md"), TestContext.Current.CancellationToken);

        (_, string output) = await RunAsync("Silo", "Resp__Port=70000");

        Assert.Contains($"$ Resp__Port=70000 dotnet OrleansSessions.Silo.dll\n{output}\n```", page, StringComparison.Ordinal);
    }

    // For a list, the message names the option and repeats the value.
    private static string Option(string setting) => setting.Split('=')[0].Replace("__0", "", StringComparison.Ordinal).Replace("__", ":", StringComparison.Ordinal);

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, string settings)
    {
        var environment = settings.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(setting => setting.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        await using ChildProcess process = ChildProcess.Start(program, ["dotnet", Repository.Program(program)], environment);
        await Eventually.TrueAsync($"{program} ends", Soon, () => process.HasExited);
        return (process.ExitCode, await process.ReadToEndAsync());
    }
}
