using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Events;

/// <summary>
/// Handler of session events: created and ended. Register implementations in the silo's services. Each event is delivered at least once, even if silos crash: use
/// the incarnation to detect repetitions. If a handler throws, the exception is logged and the event delivered again later.
/// </summary>
/// <remarks>
/// A handler runs in its session's turn: commits to that session wait for it, reads do not. Queue long work elsewhere, and don't commit to the event's session from
/// its handler: that commit would wait for the handler.
/// </remarks>
public interface ISessionEventHandler
{
    /// <summary>Called after a session was created and stored, and before its <see cref="OnEndedAsync"/>.</summary>
    ValueTask OnCreatedAsync(SessionCreated created, CancellationToken cancellationToken);

    /// <summary>Called after a session ended. Its entries are kept until every handler has returned.</summary>
    ValueTask OnEndedAsync(SessionEnded ended, CancellationToken cancellationToken);

    /// <summary>
    /// A secret was presented that a rotation had replaced, after its grace. While the same one is presented again and again, this is told once a minute. If the reuse
    /// ended the session, <see cref="OnEndedAsync"/> follows, with <see cref="EndReason.TokenReuse"/>; a crash may drop this event then, and never that one. By default
    /// nothing happens.
    /// </summary>
    ValueTask OnTokenReusedAsync(SessionTokenReused reused, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>
    /// A session was signed in, and that is stored; its caller is answered when every handler has returned. A silo that crashes in between drops this event, and a failed
    /// handler is not called again. By default nothing happens.
    /// </summary>
    ValueTask OnSignedInAsync(SessionSignedIn signedIn, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>A session's token was replaced; otherwise as <see cref="OnSignedInAsync"/>. By default nothing happens.</summary>
    ValueTask OnRotatedAsync(SessionRotated rotated, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
