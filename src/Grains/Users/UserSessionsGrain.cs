using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Storage;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Configuration;
using OrleansSessions.Grains.Sessions;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Users;

/// <summary>Grain of one user's list of sessions. See <see cref="IUserSessionsGrain"/> for its contract.</summary>
/// <remarks>
/// Changes of the list run one at a time, under a lock that is held while the list is decided on and stored, and never while a session is called. Calls that wait for
/// sessions' turns come from outside any session's turn; the others wait for the lock only. So no session and no list can wait for itself.
/// </remarks>
[GrainType("user-sessions"), Reentrant]
internal sealed class UserSessionsGrain : Grain, IUserSessionsGrain, IUserRegistrationGrain
{
    private readonly UserStore _store;
    private readonly ListedSessions _sessions;
    private readonly SessionClusterOptions _options;
    private readonly StoredUserSessions _list;
    private readonly Dictionary<RegisteredSession, Task<bool?>> _ending = [];
    private readonly ListChanges _changes;
    private readonly string _user;

    public UserSessionsGrain(UserStore store, ListedSessions sessions, IOptions<SessionClusterOptions> options)
    {
        _store = store;
        _sessions = sessions;
        _options = options.Value;
        _list = new StoredUserSessions(store, GrainContext.GrainId);
        _changes = new ListChanges(store, _list, DeactivateOnIdle);
        _user = GrainContext.GrainId.Key.ToString()!;
    }

    private long NowMs => _store.Time.GetUtcNow().ToUnixTimeMilliseconds();

    public async ValueTask<RegistrationOutcome> RegisterAsync(UserRegistration registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        SeenSessions? seen = null;
        while (true)
        {
            RegistrationOutcome? outcome = null;
            UserSessionsState list = await _changes.RunAsync(current => RegistrationRules.Apply(current, registration, _options, seen, NowMs, out outcome));
            if (outcome is { } decided)
            {
                if (decided == RegistrationOutcome.Registered)
                {
                    // Those that an earlier attempt, or another sign-in, has chosen too: they count no longer, so they must be gone.
                    await FinishEndsAsync(list.Sessions);
                }

                await _store.EnsureLeaseAsync();
                return decided;
            }

            seen = await SeeAsync(list);
        }
    }

    public async ValueTask<bool> MoveAsync(UserRegistration registration, string newKey)
    {
        ArgumentNullException.ThrowIfNull(registration);
        bool mayMove = true;
        await _changes.RunAsync(current =>
        {
            RegisteredSession? known = current.Find(registration.SessionKey, registration.SignInId);
            mayMove = known is not { IsEnding: true };
            return !mayMove || known?.SessionKey == newKey ? current
                : known?.SessionKey == registration.SessionKey ? current.Replace(known, known with { SessionKey = newKey, MovedFrom = registration.SessionKey })
                : current.Separate(registration.SessionKey)
                    .Add(RegistrationRules.ToSession(registration) with { SessionKey = newKey, MovedFrom = registration.SessionKey });
        });
        await _store.EnsureLeaseAsync();
        return mayMove;
    }

    public async ValueTask RestoreAsync(UserRegistration actual, Guid refusedSignInId)
    {
        ArgumentNullException.ThrowIfNull(actual);
        await _changes.RunAsync(current => current.Find(actual.SessionKey) is { IsEnding: false } known && known.SignInId == refusedSignInId
            ? current.Replace(known, known with { SignInId = actual.SignInId, SignedInAtMs = actual.SignedInAtMs, Tags = actual.Tags })
            : current);
    }

    public async Task LeaveAsync(string sessionKey, Guid signInId, EndReason? endsBeside = null)
    {
        try
        {
            UserSessionsState list = await _changes.RunAsync(current =>
            {
                if (current.Find(sessionKey) is not { IsEnding: false } left || left.SignInId != signInId)
                {
                    return current;
                }

                UserSessionsState next = endsBeside is { } reason ? current.End(session => session.Beside == left.SessionKey, reason) : current;
                return next.Remove(new HashSet<RegisteredSession> { left });
            });
            if (endsBeside is not null)
            {
                await FinishEndsAsync(list.Sessions.RemoveAll(session => session.Beside != sessionKey));
            }
        }
        catch (Exception exception) when (exception is SessionUnavailableException or SessionOwnershipException or InconsistentStateException)
        {
            // The next listing finds out by itself that the session has ended.
            _sessions.LogNotRemoved(sessionKey, exception);
        }
    }

    public async ValueTask<UserSessionPage> ListAsync(long cursor, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cursor);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        count = Math.Min(count, IUserSessionsGrain.MaxPage);
        UserSessionsState list = await KnowAsync();
        await FinishEndsAsync(list.Sessions);
        RegisteredSession[] rest =
        [
            .. list.Sessions.Where(session => !session.IsEnding && (cursor == 0 || session.Number < cursor)).OrderByDescending(static session => session.Number),
        ];
        RegisteredSession[] page = rest[..Math.Min(count, rest.Length)];
        FoundSession[] found = await _sessions.FindAsync(_user, page);
        await RemoveGoneAsync(page, found);
        await _store.EnsureLeaseAsync();
        return new UserSessionPage
        {
            Cursor = page.Length < rest.Length ? page[^1].Number : 0,
            Sessions = [.. found.Where(static session => session.Description is not null).Select(static session => new UserSession(session.SessionKey, session.Description!))],
        };
    }

    public async ValueTask<bool> EndAsync(string sessionKey, EndReason reason, string? actor = null)
    {
        if (!UserKey.IsValid(sessionKey))
        {
            return false;
        }

        actor = SessionActor.Clean(actor);
        UserSessionsState list = await _changes.RunAsync(current => current.End(session => session.Has(sessionKey), reason, actor));
        if (list.Find(sessionKey) is { } session)
        {
            return await FinishEndsAsync(list.Sessions.RemoveAll(other => !list.IsOneOrBeside(other, one => one == session)), mustEndAll: true) > 0;
        }

        var unlisted = new RegisteredSession { SessionKey = sessionKey, SignInId = default, SignedInAtMs = 0, Ending = reason, EndingActor = actor };
        return await _sessions.EndAsync(_user, unlisted) == true;
    }

    public async ValueTask<int> EndAllAsync(EndReason reason, string? except = null, string? tag = null, string? actor = null)
    {
        bool Matches(RegisteredSession session) => (except is null || !session.Has(except)) && (tag is null || session.Tags.Contains(tag));
        UserSessionsState list = await _changes.RunAsync(current => current.End(Matches, reason, SessionActor.Clean(actor)));
        return await FinishEndsAsync(list.Sessions.RemoveAll(session => !list.IsOneOrBeside(session, Matches)), mustEndAll: true);
    }

    private Task<UserSessionsState> KnowAsync() => _changes.RunAsync(static current => current);

    private async Task<SeenSessions> SeeAsync(UserSessionsState list)
    {
        ImmutableArray<RegisteredSession> sessions = list.Sessions.RemoveAll(static session => session.IsEnding);
        FoundSession[] found = await _sessions.FindAsync(_user, sessions);
        var seen = new SeenSessions();
        for (int i = 0; i < found.Length; i++)
        {
            seen.Add(sessions[i], found[i]);
        }

        return seen;
    }

    private async Task RemoveGoneAsync(RegisteredSession[] page, FoundSession[] found)
    {
        HashSet<RegisteredSession> gone = [.. page.Where((_, i) => found[i].IsGone)];
        if (gone.Count > 0)
        {
            await _changes.RunAsync(current => current.Remove(gone));
        }
    }

    /// <summary>Ends those of the sessions that are marked so, and then removes them from the list.</summary>
    /// <param name="sessions">Listed sessions, as of a moment ago.</param>
    /// <param name="mustEndAll">Whether to fail for a session that only another silo can read, now or later.</param>
    /// <returns>The number of those that were there.</returns>
    private async Task<int> FinishEndsAsync(ImmutableArray<RegisteredSession> sessions, bool mustEndAll = false)
    {
        ImmutableArray<RegisteredSession> ending = sessions.RemoveAll(static session => !session.IsEnding);
        if (ending.IsEmpty)
        {
            return 0;
        }

        HashSet<RegisteredSession> ended = [];
        int count = 0;
        Exception? failure = null;
        await ListedSessions.ForEachAsync(ending.Length, async i =>
        {
            try
            {
                // Another call may have finished it meanwhile.
                if (_list.Lists(ending[i]) && await EndOnceAsync(ending[i]) is { } wasThere)
                {
                    count += wasThere ? 1 : 0;
                    ended.Add(ending[i]);
                }
            }
            catch (Exception exception)
            {
                // The others must end all the same. This one stays marked, and is ended by the next call.
                failure = exception;
            }
        });
        try
        {
            await _changes.RunAsync(current => current.Remove(ended));
        }
        finally
        {
            foreach (RegisteredSession session in ended)
            {
                _ending.Remove(session);
            }
        }

        return failure is null || (!mustEndAll && failure is NotSupportedException or SessionEncryptionException) ? count : throw failure;
    }

    /// <summary>Ends a session. All calls share one attempt, and its result until the session is removed from the list.</summary>
    private async Task<bool?> EndOnceAsync(RegisteredSession session)
    {
        if (!_ending.TryGetValue(session, out Task<bool?>? attempt))
        {
            attempt = _sessions.EndAsync(_user, session);
            _ending[session] = attempt;
        }

        bool? wasThere = null;
        try
        {
            wasThere = await attempt;
            return wasThere;
        }
        finally
        {
            if (wasThere is null)
            {
                _ending.Remove(session);
            }
        }
    }
}
