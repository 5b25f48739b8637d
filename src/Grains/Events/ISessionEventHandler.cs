using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Events;

/// <summary>
/// Told when sessions are created and end. Register implementations in the silo's services. Each event is delivered at least once, also
/// when silos crash: use the incarnation to recognise a repetition. An exception is logged, and the event delivered again later.
/// </summary>
/// <remarks>
/// A handler runs in its session's turn: commits to that session wait for it, reads do not. Hand long work on, and don't commit to
/// the session of the event from its handler: that commit would wait for the handler.
/// </remarks>
public interface ISessionEventHandler
{
    /// <summary>A session was created and stored. Delivered before its <see cref="OnEndedAsync"/>.</summary>
    ValueTask OnCreatedAsync(SessionCreated created, CancellationToken cancellationToken);

    /// <summary>A session ended. Its entries are kept until every handler has returned.</summary>
    ValueTask OnEndedAsync(SessionEnded ended, CancellationToken cancellationToken);

    /// <summary>
    /// A secret was presented that a rotation had replaced, after its grace. While the same one is presented again and again, this is told once a minute. If the reuse
    /// ended the session, <see cref="OnEndedAsync"/> follows, with <see cref="EndReason.TokenReuse"/>; a crash may drop this event then, and never that one. By default
    /// nothing happens.
    /// </summary>
    ValueTask OnTokenReusedAsync(SessionTokenReused reused, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
