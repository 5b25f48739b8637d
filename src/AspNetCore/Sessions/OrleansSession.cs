using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Http;
using OrleansSessions.AspNetCore.Tokens;
using OrleansSessions.Client;
using OrleansSessions.Contracts;
using OrleansSessions.Migration;
using OrleansSessions.Php;

namespace OrleansSessions.AspNetCore;

/// <inheritdoc cref="IOrleansSession" />
internal sealed class OrleansSession(
    SessionClient client,
    BrowserImport import,
    ISessionTokenHolder tokens,
    UserKeys users,
    OrleansSessionOptions options,
    SessionLifetime newSession,
    HttpContext? request = null,
    Action<Exception>? commitFailed = null)
    : IOrleansSession
{
    private readonly PendingChanges _pending = new();

    /// <summary>The key of <see cref="_loaded"/>.</summary>
    private SessionKey _key;

    /// <summary>The token of <see cref="_loaded"/>.</summary>
    private SessionToken _token;

    /// <summary>Whether the browser sent <see cref="_token"/>; otherwise it was made for this request's response.</summary>
    private bool _isReceived;

    /// <summary>Whether another request has replaced the secret of <see cref="_token"/>: it is valid for its grace, and gets no new cookie.</summary>
    private bool _isSecretReplaced;

    private SessionToken? _newToken;
    private SessionSnapshot? _loaded;
    private bool _isLoaded;
    private bool _isRotatedAway;
    private ExceptionDispatchInfo? _loadFailure;

    /// <summary>Whether loading the session counts as use of it.</summary>
    public bool IsUse { get; init; } = true;

    /// <summary>The incarnation; null: the session is not stored.</summary>
    public Guid? Incarnation => Loaded?.Incarnation;

    public bool IsAvailable
    {
        get
        {
            try
            {
                EnsureLoaded();
                return true;
            }
            catch (SessionUnavailableException)
            {
                return false;
            }
        }
    }

    /// <summary>The <see cref="SessionKey"/>, which names the session and opens none. A rotation changes it only if the token has no secret part.</summary>
    public string Id => (Exists ? _key : KeyOf(NewToken)).Value;

    public IEnumerable<string> Keys => GetEntries().Select(static entry => entry.Name);

    public bool Exists => Loaded is not null;

    public long Version => Loaded?.Version ?? 0;

    public DateTimeOffset? CreatedAt => Loaded?.CreatedAt;

    public DateTimeOffset? ExpiresAt => Loaded?.ExpiresAt;

    public string? Silo => Loaded?.Silo;

    public SessionIdentity? Identity => Loaded?.Identity;

    public TimeSpan IdleTimeout
    {
        get => _pending.IdleTimeout ?? Loaded?.IdleTimeout ?? newSession.IdleTimeout;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, SessionLifetime.MinIdleTimeout);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, SessionLifetime.Max);
            _pending.IdleTimeout = value;
        }
    }

    private SessionToken NewToken => _newToken ??= tokens.CreateNew();

    private SessionSnapshot? Loaded
    {
        get
        {
            EnsureLoaded();
            return _loaded;
        }
    }

    private ImmutableArray<SessionEntry> LoadedEntries => Loaded?.Entries ?? [];

    public async Task LoadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_isLoaded)
        {
            await LoadFromClusterAsync(cancellationToken, isAwaitedUntilCancelled: true);
        }
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

    public IReadOnlyList<SessionEntry> GetEntries() => _pending.View(LoadedEntries);

    public SessionEntry? GetEntry(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _pending.Find(LoadedEntries, key);
    }

    public bool TryGetValue(string key, [NotNullWhen(true)] out byte[]? value)
    {
        // Copy the array, because a silo in the same process shares it.
        value = GetEntry(key) switch
        {
            null => null,
            { Format: EntryFormat.Php } entry => PhpValue.ToBytes(entry.Value),
            { } entry => entry.Value.AsSpan().ToArray(),
        };
        return value is not null;
    }

    public void Set(string key, byte[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        SetEntry(key, value.AsSpan().ToArray(), EntryFormat.Bytes);
    }

    public void SetEntry(string key, byte[] value, EntryFormat format)
    {
        ThrowUnlessName(key);
        ArgumentNullException.ThrowIfNull(value);
        if (!Exists)
        {
            tokens.EnsureEstablishable();
        }

        _pending.Set(LoadedEntries, key, value, format);
    }

    public void Remove(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _pending.Remove(LoadedEntries, key);
    }

    public void Clear() => _pending.Clear(LoadedEntries);

    public async Task CommitAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_pending.Any)
        {
            try
            {
                await CommitChangesAsync(cancellationToken);
            }
            catch (Exception exception) when (exception is SessionException or SessionUnavailableException)
            {
                commitFailed?.Invoke(exception);
                throw;
            }
        }
        else if (!_isLoaded && tokens.Received is [SessionToken received, ..])
        {
            // Called only by the stock middleware, for a request that did not access the session; it still counts as a use.
            await UntilCancelled(client.RefreshAsync(KeyOf(received), cancellationToken), cancellationToken);
        }
    }

    /// <summary>Commits if there are changes.</summary>
    public async ValueTask CommitChangesAsync(CancellationToken cancellationToken)
    {
        if (!_pending.Any)
        {
            return;
        }

        await LoadAsync(cancellationToken);
        ImmutableArray<SessionChange> changes = _pending.ToCommit(_loaded is not null);
        if (!changes.IsEmpty)
        {
            CommitResult result = await CommitAsync(changes, Guid.NewGuid(), cancellationToken);

            // Refused changes would be refused again with the next commit.
            _pending.Reset();
            AppliedCommit.ThrowUnlessApplied(result);
        }
    }

    public void DiscardChanges() => _pending.Reset();

    /// <summary>Returns whether there were changes.</summary>
    public bool TryDiscardChanges()
    {
        bool any = _pending.Any;
        _pending.Reset();
        return any;
    }

    public async Task<long> IncrementAsync(string key, long by = 1, CancellationToken cancellationToken = default)
    {
        ThrowUnlessName(key);
        await LoadAsync(cancellationToken);
        CommitResult result = await CommitAsync(_pending.ToCommit(_loaded is not null).Add(SessionChange.Add(key, by)), Guid.NewGuid(), cancellationToken);
        AppliedCommit.ThrowUnlessApplied(result);
        return result.Numbers[0];
    }

    public async Task<T> UpdateAsync<T>(string key, Func<T?, T> update, CancellationToken cancellationToken = default)
    {
        ThrowUnlessName(key);
        ArgumentNullException.ThrowIfNull(update);
        await CommitChangesAsync(cancellationToken);
        await LoadAsync(cancellationToken);
        var operationId = Guid.NewGuid();
        while (true)
        {
            SessionEntry? entry = GetEntry(key);
            T updated = update(entry is null ? default : SessionJson.Read<T>(entry));
            ImmutableArray<SessionChange> changes =
                [SessionChange.SetIfVersion(key, SessionJson.Write(updated), EntryFormat.Json, entry?.Version ?? 0)];
            CommitResult result = await CommitAsync(changes, operationId, cancellationToken);
            if (result.Outcome != CommitOutcome.Conflict)
            {
                AppliedCommit.ThrowUnlessApplied(result);
                return updated;
            }

            // Hold the session, or requests that keep changing the entry could win forever.
            Guid? incarnation = _loaded?.Incarnation;
            operationId = Guid.NewGuid();
            TakeOver(await UntilCancelled(client.HoldAsync(_key, operationId, touch: true, incarnation, cancellationToken), cancellationToken));
            if (incarnation is not null && _loaded?.Incarnation != incarnation)
            {
                throw new SessionGoneException();
            }
        }
    }

    public Task RotateAsync(CancellationToken cancellationToken = default) => RotateAsync(isPrivilegeChange: false, cancellationToken);

    public Task RotateForSignInAsync(CancellationToken cancellationToken = default) => RotateAsync(isPrivilegeChange: true, cancellationToken);

    public async Task SignInAsync(string userId, SignInOptions? details = null, CancellationToken cancellationToken = default)
    {
        SessionSignIn signIn = (details ?? new SignInOptions()).ToSignIn(users.Of(userId), request);
        await LoadAsync(cancellationToken);
        tokens.EnsureReplaceable();
        if (_loaded is { Identity.ImpersonatedBy: not null })
        {
            throw ImpersonationException.Acting();
        }

        if (_loaded is not null && _token.HasSecret)
        {
            await RotateInPlaceAsync(signIn, isPrivilegeChange: true, cancellationToken);
            return;
        }

        if (_loaded is not null)
        {
            // First the new key, then the rights: an attacker may know the old token.
            await MoveAsync(_loaded.Incarnation, cancellationToken);
        }

        CommitResult result = await CommitAsync(_pending.ToCommit(_loaded is not null), Guid.NewGuid(), cancellationToken, signIn: signIn);
        _pending.Reset();
        AppliedCommit.ThrowUnlessApplied(result);
    }

    public async Task DestroyAsync(CancellationToken cancellationToken = default)
    {
        await LoadAsync(cancellationToken);
        _pending.Reset();
        if (_isRotatedAway)
        {
            throw new SessionGoneException();
        }

        if (_loaded is not null)
        {
            await RetireAsync();
            Guid incarnation = _loaded.Incarnation;
            if (!await client.DestroyAsync(_key, incarnation, cancellationToken))
            {
                // Either it has ended meanwhile, which is fine, or it lives on: under a rotation's token, or because the call was too late.
                await LoadFromClusterAsync(cancellationToken, isAwaitedUntilCancelled: false);
                if (_isRotatedAway)
                {
                    throw new SessionGoneException();
                }

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

    private SessionKey KeyOf(SessionToken token) => SessionKey.For(options.Namespace, token);

    private async Task RotateAsync(bool isPrivilegeChange, CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        if (_loaded is null)
        {
            // The browser's token names no stored session; a new session gets a new token.
            return;
        }

        tokens.EnsureReplaceable();
        await (_token.HasSecret ? RotateInPlaceAsync(signIn: null, isPrivilegeChange, cancellationToken) : MoveAsync(_loaded.Incarnation, cancellationToken));
    }

    private async Task RotateInPlaceAsync(SessionSignIn? signIn, bool isPrivilegeChange, CancellationToken cancellationToken)
    {
        if (_isSecretReplaced)
        {
            _pending.Reset();
            throw new SessionRotatedException();
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
        CommitResult result = await CommitAsync(_pending.ToCommit(sessionExists: true), Guid.NewGuid(), cancellationToken, rotation, signIn);
        _pending.Reset();
        AppliedCommit.ThrowUnlessApplied(result);
        tokens.Establish(newToken);
        (_token, _isReceived) = (newToken, false);
    }

    /// <summary>Rotates a token that has no secret part.</summary>
    private async Task MoveAsync(Guid incarnation, CancellationToken cancellationToken)
    {
        SessionToken newToken = NewToken;
        SessionKey newKey = KeyOf(newToken);
        await RetireAsync();
        if (!await client.RotateAsync(_key, newKey, incarnation, newToken.SecretHash, cancellationToken))
        {
            throw new SessionGoneException();
        }

        tokens.Establish(newToken);
        (_key, _token, _isReceived) = (newKey, newToken, false);
        _newToken = null;
    }

    private void EnsureLoaded()
    {
        _loadFailure?.Throw();
        if (!_isLoaded)
        {
            // Called only by the stock middleware, for an application that uses the session without LoadAsync.
            PreloadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
            _loadFailure?.Throw();
        }
    }

    /// <param name="cancellationToken">Ends the retries.</param>
    /// <param name="isAwaitedUntilCancelled">Whether it also ends the wait for a call in flight, which has a cost on every request.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask LoadFromClusterAsync(CancellationToken cancellationToken, bool isAwaitedUntilCancelled)
    {
        _loadFailure = null;
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
            if (result.Snapshot is { } session)
            {
                (_loaded, _key, _token, _isReceived, isRotatedAway) = (session, key, token, true, false);
                _isSecretReplaced = result.IsSecretReplaced;
                break;
            }
        }

        _isRotatedAway = isRotatedAway;
        _isLoaded = true;
    }

    /// <summary>Adopts the new state of the previously loaded session.</summary>
    private void TakeOver(LoadResult again)
    {
        _loaded = again.Snapshot;
        _isRotatedAway = again.Outcome == LoadOutcome.RotatedAway;
    }

    /// <summary>Stops waiting for a call when the token is cancelled; the call continues.</summary>
    private static ValueTask<T> UntilCancelled<T>(ValueTask<T> call, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled && !call.IsCompleted ? new ValueTask<T>(call.AsTask().WaitAsync(cancellationToken)) : call;

    /// <summary>Ensures, before a session ends or moves, that it can't come back from the Redis it was imported from.</summary>
    private ValueTask RetireAsync() => _isReceived ? import.RetireAsync(_token, tokens.IsStockKey) : default;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<CommitResult> CommitAsync(
        ImmutableArray<SessionChange> changes, Guid operationId, CancellationToken cancellationToken, SecretRotation? rotation = null, SessionSignIn? signIn = null)
    {
        if (_isRotatedAway)
        {
            // The browser has a newer cookie, which a new session's cookie would overwrite.
            _pending.Reset();
            throw new SessionGoneException();
        }

        SessionKey key = _key;
        if (_loaded is null)
        {
            tokens.EnsureEstablishable();
            key = KeyOf(NewToken);
        }

        var commit = new SessionCommit
        {
            OperationId = operationId,
            BasedOn = _loaded?.Incarnation,
            Changes = changes,
            Namespace = options.Namespace,
            NewSession = _pending.IdleTimeout is { } idle ? newSession with { IdleTimeout = idle } : newSession,
            Secret = _loaded is null ? NewToken.SecretHash : default,
            Rotation = rotation,
            SignIn = signIn,
        };
        CommitResult result = await UntilCancelled(client.CommitAsync(key, commit, cancellationToken), cancellationToken);
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
                IdleTimeout = IdleTimeout,
                Silo = result.Silo ?? "",
                Identity = result.Identity ?? _loaded?.Identity,
            };
            _key = key;
            _pending.Reset();
        }

        return result;
    }

    private static void ThrowUnlessName(string key)
    {
        // Checked here too, because serialization would turn an unpaired surrogate into a valid character.
        if (!SessionEntry.IsValidName(key))
        {
            throw SessionEntryException.InvalidName();
        }
    }
}
