using Microsoft.Extensions.Logging;

namespace OrleansSessions.Grains.Events;

/// <summary>Delivery of events to all handlers.</summary>
internal sealed partial class SessionEvents
{
    private readonly ISessionEventHandler[] _handlers;
    private readonly ILogger<SessionEvents> _logger;

    public SessionEvents(IEnumerable<ISessionEventHandler> handlers, ILogger<SessionEvents> logger)
    {
        _handlers = handlers.ToArray();
        _logger = logger;
    }

    public bool HasHandlers => _handlers.Length > 0;

    /// <returns>False if a handler failed: deliver the event again later.</returns>
    public Task<bool> CreatedAsync(SessionCreated created) =>
        DeliverAsync(handler => handler.OnCreatedAsync(created, CancellationToken.None));

    /// <returns>False if a handler failed: deliver the event again later.</returns>
    public Task<bool> EndedAsync(SessionEnded ended) =>
        DeliverAsync(handler => handler.OnEndedAsync(ended, CancellationToken.None));

    /// <returns>False if a handler failed.</returns>
    public Task<bool> TokenReusedAsync(SessionTokenReused reused) =>
        DeliverAsync(handler => handler.OnTokenReusedAsync(reused, CancellationToken.None));

    /// <returns>False if a handler failed.</returns>
    public Task<bool> SignedInAsync(SessionSignedIn signedIn) =>
        DeliverAsync(handler => handler.OnSignedInAsync(signedIn, CancellationToken.None));

    /// <returns>False if a handler failed.</returns>
    public Task<bool> RotatedAsync(SessionRotated rotated) =>
        DeliverAsync(handler => handler.OnRotatedAsync(rotated, CancellationToken.None));

    private async Task<bool> DeliverAsync(Func<ISessionEventHandler, ValueTask> deliver)
    {
        bool delivered = true;
        foreach (ISessionEventHandler handler in _handlers)
        {
            try
            {
                await deliver(handler);
            }
            catch (Exception exception)
            {
                // Catch everything: an application's handler must not cause the loss of a session.
                LogHandlerFailed(_logger, exception, handler.GetType().Name);
                delivered = false;
            }
        }

        return delivered;
    }

    [LoggerMessage(220, LogLevel.Error, "The session event handler {Handler} failed; created and ended are delivered again.")]
    private static partial void LogHandlerFailed(ILogger logger, Exception exception, string handler);
}
