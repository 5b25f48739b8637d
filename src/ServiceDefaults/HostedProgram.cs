using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace OrleansSessions.ServiceDefaults;

/// <summary>Entry point of a session cluster's programs.</summary>
public static class HostedProgram
{
    private static readonly string? Binder = typeof(ConfigurationBinder).Assembly.GetName().Name;

    /// <summary>
    /// Composes the application, validates its settings and runs it. Prints invalid settings, one line each, and nothing else. A stop requested during start-up,
    /// for example while waiting for Redis, is a normal exit and not a crash.
    /// </summary>
    /// <param name="compose">Creates the application.</param>
    /// <returns>The exit code: 1 if a setting is invalid, else 0.</returns>
    public static async Task<int> RunAsync(Func<WebApplication> compose)
    {
        ArgumentNullException.ThrowIfNull(compose);
        WebApplication? app = null;
        try
        {
            app = compose();

            // The host validates too, but only after it has created services that use the settings, and it logs failures with a stack trace.
            app.Services.GetService<IStartupValidator>()?.Validate();
        }
        catch (Exception exception) when (WrongSettings(exception) is { Count: > 0 } errors)
        {
            foreach (string error in errors)
            {
                await Console.Error.WriteLineAsync($"error: {error}");
            }

            await (app?.DisposeAsync() ?? ValueTask.CompletedTask);
            return 1;
        }

        await RunAsync(app);
        return 0;
    }

    private static async Task RunAsync(WebApplication app)
    {
        // Taken now: a host that fails to start is disposed before its exception gets here.
        IHostApplicationLifetime lifetime = app.Lifetime;
        try
        {
            await app.RunAsync();
        }
        catch (Exception exception) when (
            lifetime.ApplicationStopping.IsCancellationRequested
            && (exception is OperationCanceledException || !lifetime.ApplicationStarted.IsCancellationRequested))
        {
            // Each component throws its own exception when start-up is cancelled.
        }
    }

    /// <summary>Returns the messages of validators, and of the binder that parses numbers and times; empty for any other failure.</summary>
    private static IReadOnlyList<string> WrongSettings(Exception exception) => exception switch
    {
        OptionsValidationException invalid => [.. invalid.Failures],
        InvalidOperationException unreadable when unreadable.Source == Binder => [unreadable.Message],
        AggregateException several when several.InnerExceptions.All(inner => WrongSettings(inner).Count > 0) => [.. several.InnerExceptions.SelectMany(WrongSettings)],
        _ => [],
    };
}
