using System.Diagnostics;
using Orleans.Storage;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Locks;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Storage;

namespace OrleansSessions.Grains.Sessions;

/// <summary>Grain of one session. See <see cref="ISessionGrain"/> for its contract.</summary>
/// <remarks>
/// Changes run one at a time, in turns of <see cref="_turn"/>. Loads never wait for a change, so they see the session before or after it, never in between. An
/// activation reads nothing until a call needs it, and creates rarely needed objects on demand.
/// </remarks>
[GrainType(TypeName)]
internal sealed class SessionGrain : Grain, ISessionGrain, ISessionLockGrain, ISessionHandoverGrain, ISessionOfUserGrain, ILockedActivation
{
    /// <summary>The first part of the grains' ids.</summary>
    public const string TypeName = "session";

    private readonly SessionBehavior _behavior;
    private readonly SessionTurn _turn;
    private ActivationLock? _lock;

    public SessionGrain(SessionBehavior behavior)
    {
        _behavior = behavior;

        // Not injected: an activation's service scope would keep what it resolves in its own tables.
        _turn = new SessionTurn(behavior.Open(GrainContext));
    }

    private StoredSession Session => _turn.Session;

    private SessionState Current => Session.Current;

    private ActivationLock Lock => _lock ??= _behavior.CreateLock(this);

    /// <summary>The lock; null: it was not requested here recently, and no earlier activation left one.</summary>
    private ActivationLock? ExistingLock => Session.HasLeftLock ? Lock : _lock;

    private bool IsLockInUse => ExistingLock is { IsInUse: true };

    private bool HasSomethingToKeep =>
        Session.Knowledge == StateKnowledge.Known && Session.IsActive(Session.NowMs) && (Session.HasUnsavedChange || ExistingLock?.Held is not null);

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Session.Leave();
        return _turn.IsFree && !HasSomethingToKeep ? Task.CompletedTask : KeepAsync(cancellationToken);
    }

    /// <inheritdoc cref="StoredSession.Hide"/>
    public void Hide() => Session.Hide();

    public ValueTask<LoadResult> LoadAsync(bool touch, SecretHash secret = default, Guid? incarnation = null, DateTimeOffset? presentedAt = null)
    {
        Session.NoteMessage();
        if (Session.Knowledge is StateKnowledge.Known or StateKnowledge.InDoubt)
        {
            SecretStanding standing = Judge(secret, incarnation, presentedAt);
            if (standing != SecretStanding.UsedUp)
            {
                LoadResult loaded = Load(touch, standing);
                if (Session.HasLease)
                {
                    return ValueTask.FromResult(loaded);
                }
            }
        }

        return ReadThenLoadAsync(touch, secret, incarnation, presentedAt);
    }

    public ValueTask<CommitResult> CommitAsync(SessionCommit commit) => _behavior.CommitAsync(_turn, commit);

    public async ValueTask<LoadResult> HoldAsync(SessionOperation change, bool touch, Guid? incarnation = null)
    {
        ArgumentNullException.ThrowIfNull(change);
        long started = Stopwatch.GetTimestamp();
        await Session.EnsureLeaseAsync();
        await _turn.WaitAsync(change.Id);
        bool isHeld = false;
        try
        {
            await Session.EnsureKnownAsync();
            LoadResult loaded = Load(touch, Judge(default, incarnation, presentedAt: null));
            await Session.EnsureLeaseAsync();
            isHeld = loaded.Outcome == LoadOutcome.Active
                && Stopwatch.GetElapsedTime(started) < TurnHold.LongestWait
                && Session.NowMs <= OperationLog.DeadlineMs(change.Deadline, TimeSpan.Zero, Session.NowMs);
            return loaded;
        }
        finally
        {
            if (isHeld)
            {
                _turn.Hold(change.Id);
            }
            else
            {
                _turn.Release();
            }
        }
    }

    public ValueTask LetGoAsync(Guid change)
    {
        _turn.LetGo(change);
        return ValueTask.CompletedTask;
    }

    public async ValueTask<bool> RefreshAsync(SecretHash secret = default)
    {
        bool exists = await _behavior.RefreshAsync(_turn, secret);
        LeaveIfUnused();
        return exists;
    }

    public async ValueTask<bool> DestroyAsync(Guid? incarnation, EndReason reason, SessionOperation? operation = null)
    {
        bool existed = await _behavior.DestroyAsync(_turn, incarnation, reason, operation);
        LeaveIfUnused();
        return existed;
    }

    public ValueTask<bool> DestroyUnchangedAsync(Guid incarnation, long version, SessionOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return _behavior.DestroyUnchangedAsync(_turn, incarnation, version, operation);
    }

    public ValueTask<bool> RotateAsync(string newKey, Guid incarnation, DateTimeOffset? deadline = null, SecretHash secret = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(newKey);
        return newKey != Session.Key
            ? _behavior.RotateAsync(_turn, newKey, incarnation, deadline, secret)
            : throw new ArgumentException("A session must be rotated to the key of a new token, not to its own key.", nameof(newKey));
    }

    public async ValueTask<SessionDescription?> DescribeAsync()
    {
        await _turn.EnsureKnownAsync();
        SessionDescription? description = _behavior.Describe(Session);
        LeaveIfUnused();
        if (description is not null)
        {
            await Session.EnsureLeaseAsync();
        }

        return description;
    }

    public async ValueTask<DateTimeOffset?> ExpireIfDueAsync(DateTimeOffset indexedDeadline)
    {
        if (await _behavior.ExpireAsync(_turn, indexedDeadline.ToUnixTimeMilliseconds()) is long nextMs)
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(nextMs);
        }

        if (!IsLockInUse)
        {
            DeactivateOnIdle();
        }

        return null;
    }

    public ValueTask<bool> AcquireAsync(SessionLockRequest request) => Lock.AcquireAsync(request);

    public ValueTask<SessionLock?> GetLockAsync() => Lock.GetAsync();

    public ValueTask<bool> ReleaseAsync(byte[]? owner, SessionOperation? operation = null) => Lock.ReleaseAsync(owner, operation);

    public ValueTask<bool> ExtendAsync(byte[]? owner, TimeSpan lease) => Lock.ExtendAsync(owner, lease);

    public Task AdoptAsync(byte[] session) =>
        _turn.RunAsync(static (stored, session) => SessionRotation.AdoptAsync(stored, SessionStateFormat.Read(session)), session);

    public Task ConfirmAsync(Guid incarnation) => _turn.RunAsync(SessionRotation.ConfirmAsync, incarnation);

    public async Task<bool> HasMovedAsync(string newKey, Guid incarnation)
    {
        await _turn.EnsureKnownAsync();
        await Session.EnsureLeaseAsync();
        return Current.Incarnation == incarnation && Current.Ending?.MovedTo == newKey;
    }

    public async ValueTask<SessionOfUser> VerifyAsync(string user)
    {
        await _turn.EnsureKnownAsync();
        SessionDescription? description = _behavior.Describe(Session);
        var verified = new SessionOfUser
        {
            Description = description?.Identity?.Names(user) == true ? description : null,
            IsSigningIn = _turn.SignIns.HasAny(user),
        };
        if (verified.IsNothing)
        {
            LeaveIfUnused();
        }

        await Session.EnsureLeaseAsync();
        return verified;
    }

    public async ValueTask<bool> EndAsync(string user, EndReason reason, string? actor = null)
    {
        bool wasThere = await _behavior.EndAsync(_turn, user, reason, actor);
        if (!wasThere)
        {
            LeaveIfUnused();
        }

        return wasThere;
    }

    public Task SettleAsync() => _behavior.SettleAsync(_turn);

    ValueTask ILockedActivation.EnsureLeaseAsync() => Session.EnsureLeaseAsync();

    ValueTask ILockedActivation.FindLeftLockAsync() =>
        Session.Knowledge is StateKnowledge.Unread or StateKnowledge.Presumed ? new(_turn.EnsureKnownAsync()) : ValueTask.CompletedTask;

    SessionLock? ILockedActivation.TakeLeftLock() => Session.TakeLeftLock();

    void ILockedActivation.StayFor(TimeSpan time) => DelayDeactivation(time);

    void ILockedActivation.DropLock()
    {
        _lock = null;
        DelayDeactivation(TimeSpan.Zero);
        if (Session.Knowledge == StateKnowledge.Known && Current.Status == SessionStatus.None)
        {
            DeactivateOnIdle();
        }
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken: cancellationToken);
        try
        {
            if (HasSomethingToKeep)
            {
                await Session.StoreAsync(Current with { Lock = ExistingLock?.Held });
            }
        }
        catch (Exception exception) when (exception is SessionUnavailableException or InconsistentStateException)
        {
            // The stored deadline is early by at most the documented amount, or another activation has stored a newer one.
            Session.LogPutOff("The last storing", exception);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask<LoadResult> ReadThenLoadAsync(bool touch, SecretHash secret, Guid? incarnation, DateTimeOffset? presentedAt)
    {
        try
        {
            await _turn.EnsureKnownAsync();
            SecretStanding standing = Judge(secret, incarnation, presentedAt);
            if (standing == SecretStanding.UsedUp)
            {
                await _behavior.AnswerReuseAsync(_turn, secret, presentedAt?.ToUnixTimeMilliseconds() ?? Session.NowMs);
            }

            LoadResult loaded = Load(touch, standing);
            await Session.EnsureLeaseAsync();
            return loaded;
        }
        catch (Exception exception)
        {
            _behavior.FailLoad(exception);
            throw;
        }
    }

    private SecretStanding Judge(SecretHash secret, Guid? incarnation, DateTimeOffset? presentedAt)
    {
        long now = Session.NowMs;
        return Session.Judge(secret, incarnation, presentedAt?.ToUnixTimeMilliseconds() ?? now, now);
    }

    private LoadResult Load(bool touch, SecretStanding standing)
    {
        long now = Session.NowMs;
        if (touch && standing.Opens() && Session.IsActive(now))
        {
            Session.Touch(now);
            if (Session.HasUnsavedTouch)
            {
                _turn.RequestSettling();
            }
        }

        LoadResult loaded = _behavior.Load(Session, now, standing);
        LeaveIfUnused();
        return loaded;
    }

    /// <summary>An unused key must keep no memory: anyone can send unknown tokens.</summary>
    private void LeaveIfUnused()
    {
        if (Current.Status == SessionStatus.None && !IsLockInUse)
        {
            DeactivateOnIdle();
        }
    }
}
