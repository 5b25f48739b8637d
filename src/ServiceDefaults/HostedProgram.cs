using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OrleansSessions.ServiceDefaults;

/// <summary>Runs a program of a session cluster to its end.</summary>
public static class HostedProgram
{
    private static readonly string? Binder = typeof(ConfigurationBinder).Assembly.GetName().Name;

    /// <summary>
    /// Composes the application, checks its settings and runs it. Wrong settings are told, a line for each, with nothing around them. Being told to stop while it
    /// still starts (waits for Redis, for one) is a normal end and no crash.
    /// </summary>
    /// <param name="compose">Makes the application.</param>
    /// <returns>The exit code: 1 if a setting is wrong, else 0.</returns>
    public static async Task<int> RunAsync(Func<WebApplication> compose)
    {
        ArgumentNullException.ThrowIfNull(compose);
        WebApplication? app = null;
        try
        {
            app = compose();

            // The host does that too, but after it has made services that use the settings, and logs whatever happens with its stack.
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
        try
        {
            await app.RunAsync();
        }
        catch (Exception exception) when (
            app.Lifetime.ApplicationStopping.IsCancellationRequested
            && (exception is OperationCanceledException || !app.Lifetime.ApplicationStarted.IsCancellationRequested))
        {
            // Each part of the process has its own exception for a start that is called off.
        }
    }

    /// <summary>What validators, and the binder that makes numbers and times of texts, have to say; nothing: it is another failure.</summary>
    private static IReadOnlyList<string> WrongSettings(Exception exception) => exception switch
    {
        OptionsValidationException invalid => [.. invalid.Failures],
        InvalidOperationException unreadable when unreadable.Source == Binder => [unreadable.Message],
        AggregateException several when several.InnerExceptions.All(inner => WrongSettings(inner).Count > 0) => [.. several.InnerExceptions.SelectMany(WrongSettings)],
        _ => [],
    };
}
