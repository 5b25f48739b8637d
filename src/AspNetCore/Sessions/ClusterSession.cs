using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using OrleansSessions.AspNetCore.Tokens;
using OrleansSessions.Client;
using OrleansSessions.Contracts;
using OrleansSessions.Migration;

namespace OrleansSessions.AspNetCore;

/// <summary>Session of a request as the cluster answered last: its state, its key and its token.</summary>
internal sealed class ClusterSession(
    SessionClient client, BrowserImport import, ISessionTokenHolder tokens, OrleansSessionOptions options, SessionLifetime newSession)
{
    /// <summary>The key of <see cref="_loaded"/>.</summary>
    private SessionKey _key;

    /// <summary>The token of <see cref="_loaded"/>.</summary>
    private SessionToken _token;

    /// <summary>Whether the browser sent <see cref="_token"/>; otherwise it was made for this request's response.</summary>
    private bool _isReceived;

    /// <summary>Whether another request has replaced the secret of <see cref="_token"/>: it is valid for its grace, and gets no new cookie.</summary>
    private bool _isSecretReplaced;

    private SessionToken? _newToken;

    /// <summary>Whether a commit under <see cref="_newToken"/> has been tried.</summary>
    private bool _isNewTokenTried;
    private SessionSnapshot? _loaded;
    private bool _isLoaded;
    private ExceptionDispatchInfo? _loadFailure;
    private bool _isLoadFailureKnown;

    /// <summary>Whether loading the session counts as use of it. Default: true.</summary>
    public bool IsUse { get; set; } = true;

    /// <summary>The state; null: there is no session.</summary>
    public SessionSnapshot? Loaded
    {
        get
        {
            EnsureLoaded();
            return _loaded;
        }
    }

    /// <summary>Whether the session has moved to another token: the browser has a newer cookie, which a new session's cookie would overwrite.</summary>
    public bool IsRotatedAway { get; private set; }

    /// <summary>Whether the browser's tokens name no session, as is known by now.</summary>
    public bool IsUnknown => _isLoaded && _loaded is null && !IsRotatedAway && tokens.Received.Count > 0;

    /// <summary>The key of the session, or of the one that the first commit creates.</summary>
    public SessionKey Key => Loaded is null ? KeyOf(NewToken) : _key;

    /// <summary>Whether a rotation replaces the token's secret, instead of moving the session to a new key.</summary>
    public bool RotatesInPlace => _token.HasSecret;

    private SessionToken NewToken
    {
        get
        {
            if (_newToken is null)
            {
                (_newToken, _isNewTokenTried) = (tokens.CreateNew(), false);
            }

            return _newToken.Value;
        }
    }

    /// <summary>Loads the session, unless it is loaded. After a preload that failed, the first call fails in the same way, without waiting for the cluster once more.</summary>
    public ValueTask LoadAsync(CancellationToken cancellationToken)
    {
        if (_loadFailure is { } failure && !_isLoadFailureKnown)
        {
            _isLoadFailureKnown = true;
            return ValueTask.FromException(failure.SourceException);
        }

        return _isLoaded && _loadFailure is null ? ValueTask.CompletedTask : LoadFromClusterAsync(cancellationToken, isAwaitedUntilCancelled: true);
    }

    /// <summary>Loads the session, and keeps a failure until its first use: requests that don't use it are not affected.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask PreloadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LoadFromClusterAsync(cancellationToken, isAwaitedUntilCancelled: false);
        }
        catch (SessionUnavailableException exception)
        {
            _loadFailure = ExceptionDispatchInfo.Capture(exception);
        }
    }

    public void EnsureLoaded()
    {
        ThrowLoadFailure();
        if (!_isLoaded)
        {
            // Called only by the stock middleware, for an application that uses the session without LoadAsync.
            PreloadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
            ThrowLoadFailure();
        }
    }

    /// <summary>Loads the session again and holds it for the commit with this operation id.</summary>
    public async ValueTask HoldAsync(Guid operationId, CancellationToken cancellationToken) =>
        TakeOver(await UntilCancelled(client.HoldAsync(_key, operationId, touch: true, _loaded?.Incarnation, cancellationToken), cancellationToken));

    /// <summary>Counts a request that does not load its session as a use of it.</summary>
    public async ValueTask RefreshAsync(CancellationToken cancellationToken)
    {
        if (!_isLoaded && tokens.Received is [SessionToken received, ..])
        {
            await UntilCancelled(client.RefreshAsync(KeyOf(received), cancellationToken), cancellationToken);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<CommitResult> CommitAsync(
        ImmutableArray<SessionChange> changes,
        TimeSpan? idleTimeout,
        Guid operationId,
        CancellationToken cancellationToken,
        SecretRotation? rotation = null,
        SessionSignIn? signIn = null,
        string? ticketUser = null)
    {
        if (_loaded is null)
        {
            tokens.EnsureEstablishable();
        }

        SessionKey key = Key;
        SessionLifetime lifetime = idleTimeout is { } idle ? newSession with { IdleTimeout = idle } : newSession;
        var commit = new SessionCommit
        {
            OperationId = operationId,
            BasedOn = _loaded?.Incarnation,
            Changes = changes,
            Namespace = options.Namespace,
            NewSession = lifetime,
            Secret = _loaded is null ? NewToken.SecretHash : default,
            Rotation = rotation,
            SignIn = signIn,
            TicketUser = _loaded?.TicketUser is null ? ticketUser ?? tokens.TicketUser : null,
        };
        bool isTokenNew = _loaded is null && !tokens.IsStockKey && !_isNewTokenTried;
        _isNewTokenTried |= _loaded is null;
        CommitResult result = await UntilCancelled(
            isTokenNew ? client.CreateAsync(key, commit, cancellationToken) : client.CommitAsync(key, commit, cancellationToken), cancellationToken);
        if (result.Outcome == CommitOutcome.Applied)
        {
            if (_loaded is null)
            {
                tokens.Establish(NewToken);
                (_token, _isReceived, _isSecretReplaced) = (NewToken, false, false);
                _newToken = null;
            }

            _loaded = new SessionSnapshot
            {
                Incarnation = result.Incarnation,
                Version = result.Version,
                Entries = SessionView.After(_loaded?.Entries ?? [], changes, result),
                CreatedAt = result.CreatedAt,
                ExpiresAt = result.ExpiresAt,
                IdleTimeout = idleTimeout ?? _loaded?.IdleTimeout ?? newSession.IdleTimeout,
                Silo = result.Silo ?? "",
                Identity = result.Identity ?? _loaded?.Identity,
                TicketUser = _loaded?.TicketUser ?? commit.TicketUser,
                PrivilegeChanges = (_loaded?.PrivilegeChanges ?? 0) + (commit.IsPrivilegeChangeWithoutUser ? 1 : 0),
            };
            _key = key;
        }

        return result;
    }

    /// <summary>Commits changes and a new secret at once.</summary>
    public async ValueTask<CommitResult> RotateInPlaceAsync(
        ImmutableArray<SessionChange> changes,
        TimeSpan? idleTimeout,
        SessionSignIn? signIn,
        bool isPrivilegeChange,
        string? ticketUser,
        CancellationToken cancellationToken)
    {
        if (_isSecretReplaced)
        {
            return new CommitResult { Outcome = CommitOutcome.SecretReplaced };
        }

        SessionToken newToken = _token.WithNewSecret();
        var rotation = new SecretRotation
        {
            From = _token.SecretHash,
            To = newToken.SecretHash,
            Grace = options.RotationGrace,
            EndOnReuse = options.EndOnReuse,
            IsPrivilegeChange = isPrivilegeChange,
        };
        CommitResult result = await CommitAsync(changes, idleTimeout, Guid.NewGuid(), cancellationToken, rotation, signIn, ticketUser);
        if (result.Outcome == CommitOutcome.Applied)
        {
            tokens.Establish(newToken);
            (_token, _isReceived) = (newToken, false);
        }

        return result;
    }

    /// <summary>Moves the loaded session to a new token, and so to a new key.</summary>
    public async ValueTask MoveAsync(CancellationToken cancellationToken)
    {
        SessionToken newToken = NewToken;
        SessionKey newKey = KeyOf(newToken);
        await RetireAsync();
        if (!await client.RotateAsync(_key, newKey, _loaded!.Incarnation, newToken.SecretHash, cancellationToken))
        {
            throw new SessionGoneException();
        }

        tokens.Establish(newToken);
        (_key, _token, _isReceived) = (newKey, newToken, false);
        _newToken = null;
    }

    public async ValueTask DestroyAsync(CancellationToken cancellationToken)
    {
        ThrowIfRotatedAway();
        if (_loaded is not null)
        {
            await RetireAsync();
            Guid incarnation = _loaded.Incarnation;
            if (!await client.DestroyAsync(_key, incarnation, cancellationToken))
            {
                // Either it has ended meanwhile, which is fine, or it lives on: under a rotation's token, or because the call was too late.
                await LoadFromClusterAsync(cancellationToken, isAwaitedUntilCancelled: false);
                ThrowIfRotatedAway();
                if (_loaded?.Incarnation == incarnation)
                {
                    throw new SessionUnavailableException("The session could not be ended in time and is still active. Try again.");
                }
            }
        }

        if (tokens.Received.Count > 0 || _loaded is not null)
        {
            tokens.Forget();
        }

        _loaded = null;
        _isReceived = false;
        _newToken = null;
    }

    private void ThrowLoadFailure()
    {
        if (_loadFailure is { } failure)
        {
            _isLoadFailureKnown = true;
            failure.Throw();
        }
    }

    private SessionKey KeyOf(SessionToken token) => SessionKey.For(options.Namespace, token);

    private void ThrowIfRotatedAway()
    {
        if (IsRotatedAway)
        {
            throw new SessionGoneException();
        }
    }

    /// <param name="cancellationToken">Ends the retries.</param>
    /// <param name="isAwaitedUntilCancelled">Whether it also ends the wait for a call in flight, which has a cost on every request.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask LoadFromClusterAsync(CancellationToken cancellationToken, bool isAwaitedUntilCancelled)
    {
        (_loadFailure, _isLoadFailureKnown) = (null, false);
        CancellationToken patience = isAwaitedUntilCancelled ? cancellationToken : CancellationToken.None;
        if (_loaded is not null)
        {
            TakeOver(await UntilCancelled(client.LoadAgainAsync(_key, touch: IsUse, _loaded.Incarnation, cancellationToken), patience));
            return;
        }

        bool isRotatedAway = false;
        foreach (SessionToken token in tokens.Received)
        {
            SessionKey key = KeyOf(token);
            LoadResult result = await UntilCancelled(client.LoadAsync(key, touch: IsUse, token.SecretHash, cancellationToken), patience);
            if (result.Outcome == LoadOutcome.None && await import.TryImportAsync(token, tokens.IsStockKey, key, newSession, cancellationToken))
            {
                result = await UntilCancelled(client.LoadAsync(key, touch: IsUse, cancellationToken), patience);
            }

            isRotatedAway |= result.Outcome == LoadOutcome.RotatedAway;
            if (result.Snapshot is { } session && (!tokens.AreActing || session.Identity?.ImpersonatedBy is not null))
            {
                (_loaded, _key, _token, _isReceived, isRotatedAway) = (session, key, token, true, false);
                _isSecretReplaced = result.IsSecretReplaced;
                break;
            }
        }

        IsRotatedAway = isRotatedAway;
        _isLoaded = true;
    }

    /// <summary>Adopts the new state of the previously loaded session.</summary>
    private void TakeOver(LoadResult again)
    {
        _loaded = again.Snapshot;
        IsRotatedAway = again.Outcome == LoadOutcome.RotatedAway;
    }

    /// <summary>Ensures, before a session ends or moves, that it can't come back from the Redis it was imported from.</summary>
    private ValueTask RetireAsync() => _isReceived ? import.RetireAsync(_token, tokens.IsStockKey) : default;

    /// <summary>Stops waiting for a call when the token is cancelled; the call continues.</summary>
    private static ValueTask<T> UntilCancelled<T>(ValueTask<T> call, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled && !call.IsCompleted ? new ValueTask<T>(call.AsTask().WaitAsync(cancellationToken)) : call;
}
