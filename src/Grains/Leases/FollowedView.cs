using OrleansSessions.Connectivity.Redis;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Leases;

/// <summary>Version of the membership table that this silo has processed: it knows every silo declared dead up to that version.</summary>
internal sealed class FollowedView(LeaseTable table, SiloLease lease, RedisConnection redis, TimeProvider time)
{
    /// <summary>Time limit for the silo to process what it has read, and to retry.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan AttemptPatience = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private Task<Outcome> _confirming = Task.FromResult(Outcome.NoAnswer);
    private Task<Outcome>? _next;
    private long _version = long.MinValue;

    private enum Outcome
    {
        Confirmed,

        /// <summary>Redis answered, but this silo does not follow: it is about to end, or too slow.</summary>
        Behind,

        NoAnswer,
    }

    /// <summary>The version.</summary>
    public long Version
    {
        get => Volatile.Read(ref _version);
        set => Volatile.Write(ref _version, value);
    }

    /// <summary>
    /// Ensures that this silo knows every silo declared dead before the call. Concurrent calls share one command; no call uses a command that was sent before it.
    /// </summary>
    /// <exception cref="SessionUnavailableException">Redis did not answer.</exception>
    /// <exception cref="SessionOwnershipException">Redis answered, but this silo does not follow, for example because it is declared dead itself: retry the call.</exception>
    public async Task ConfirmAsync()
    {
        Task<Outcome> view;
        lock (_lock)
        {
            view = _next ??= ConfirmAfterAsync(_confirming);
        }

        switch (await view)
        {
            case Outcome.NoAnswer:
                throw new SessionUnavailableException("The session can't be read: Redis is unreachable. Nothing is lost; try again later.");
            case Outcome.Behind:
                throw new SessionOwnershipException("The silo does not know all silos that were declared dead, so it can't take over the session. Retry the call.");
        }
    }

    private async Task<Outcome> ConfirmAfterAsync(Task<Outcome> previous)
    {
        await ((Task)previous).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_lock)
        {
            _confirming = _next!;
            _next = null;
        }

        try
        {
            long version = await table.ReadVersionAsync();
            long started = time.GetTimestamp();
            while (version > Version)
            {
                if (time.GetElapsedTime(started) > Patience || lease.Standing == LeaseStanding.Revoked)
                {
                    return Outcome.Behind;
                }

                await lease.RequestAttempt().WaitAsync(AttemptPatience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return Outcome.Confirmed;
        }
        catch (Exception exception) when (LeaseTable.IsFailure(exception))
        {
            redis.ReportFailure(exception);
            return Outcome.NoAnswer;
        }
    }
}
