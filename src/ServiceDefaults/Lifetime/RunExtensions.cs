using Microsoft.AspNetCore.Builder;

namespace OrleansSessions.ServiceDefaults;

/// <summary>Runs an application to its end.</summary>
public static class RunExtensions
{
    /// <summary>As <c>Run</c>, but being told to stop while it still starts (waits for Redis, for one) is a normal end and no crash.</summary>
    public static void RunToEnd(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        try
        {
            app.Run();
        }
        catch (Exception exception) when (
            app.Lifetime.ApplicationStopping.IsCancellationRequested
            && (exception is OperationCanceledException || !app.Lifetime.ApplicationStarted.IsCancellationRequested))
        {
            // Each part of the process has its own exception for a start that is called off.
        }
    }
}
