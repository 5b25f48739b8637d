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
    private Task<bool> _confirming = Task.FromResult(false);
    private Task<bool>? _next;
    private long _version = long.MinValue;

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
    public async Task ConfirmAsync()
    {
        Task<bool> view;
        lock (_lock)
        {
            view = _next ??= ConfirmAfterAsync(_confirming);
        }

        if (!await view)
        {
            throw new SessionUnavailableException("The session can't be read: Redis is unreachable. Nothing is lost; try again later.");
        }
    }

    private async Task<bool> ConfirmAfterAsync(Task<bool> previous)
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
                    return false;
                }

                await lease.RequestAttempt().WaitAsync(AttemptPatience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return true;
        }
        catch (Exception exception) when (LeaseTable.IsFailure(exception))
        {
            redis.ReportFailure(exception);
            return false;
        }
    }
}
