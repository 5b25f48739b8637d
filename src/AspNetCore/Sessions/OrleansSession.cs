using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
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
    private readonly ClusterSession _session = new(client, import, tokens, options, newSession);
    private readonly PendingChanges _pending = new();

    /// <inheritdoc cref="ClusterSession.IsUse"/>
    public bool IsUse
    {
        get => _session.IsUse;
        init => _session.IsUse = value;
    }

    /// <inheritdoc cref="ClusterSession.IsUnknown"/>
    public bool IsUnknown => _session.IsUnknown;

    /// <summary>The incarnation; null: the session is not stored.</summary>
    public Guid? Incarnation => Loaded?.Incarnation;

    public bool IsAvailable
    {
        get
        {
            try
            {
                _session.EnsureLoaded();
                return true;
            }
            catch (SessionUnavailableException)
            {
                return false;
            }
        }
    }

    /// <summary>The <see cref="SessionKey"/>, which names the session and opens none. A rotation changes it only if the token has no secret part.</summary>
    public string Id => _session.Key.Value;

    public IEnumerable<string> Keys => GetEntries().Select(static entry => entry.Name);

    public bool Exists => Loaded is not null;

    public long Version => Loaded?.Version ?? 0;

    public DateTimeOffset? CreatedAt => Loaded?.CreatedAt;

    public DateTimeOffset? ExpiresAt => Loaded?.ExpiresAt;

    public string? Silo => Loaded?.Silo;

    public SessionIdentity? Identity => Loaded?.Identity;

    /// <inheritdoc cref="SessionSnapshot.TicketUser"/>
    public string? TicketUser => Loaded?.TicketUser;

    /// <inheritdoc cref="SessionSnapshot.PrivilegeChanges"/>
    public long PrivilegeChanges => Loaded?.PrivilegeChanges ?? 0;

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

    private SessionSnapshot? Loaded => _session.Loaded;

    private ImmutableArray<SessionEntry> LoadedEntries => Loaded?.Entries ?? [];

    public async Task LoadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await _session.LoadAsync(cancellationToken);
    }

    /// <inheritdoc cref="ClusterSession.PreloadAsync"/>
    public ValueTask PreloadAsync(CancellationToken cancellationToken) => _session.PreloadAsync(cancellationToken);

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
        SessionEntryException.ThrowUnlessName(key);
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
        else
        {
            // Called only by the stock middleware, for a request that did not access the session; it still counts as a use.
            await _session.RefreshAsync(cancellationToken);
        }
    }

    /// <summary>Commits if there are changes.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask CommitChangesAsync(CancellationToken cancellationToken)
    {
        if (!_pending.Any)
        {
            return;
        }

        await LoadAsync(cancellationToken);
        ImmutableArray<SessionChange> changes = ToCommit();
        if (!changes.IsEmpty)
        {
            ThrowIfRotatedAway();
            CommitResult result = await _session.CommitAsync(changes, _pending.IdleTimeout, Guid.NewGuid(), cancellationToken);

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
        SessionEntryException.ThrowUnlessName(key);
        await LoadAsync(cancellationToken);
        ThrowIfRotatedAway();
        CommitResult result = await _session.CommitAsync(ToCommit().Add(SessionChange.Add(key, by)), _pending.IdleTimeout, Guid.NewGuid(), cancellationToken);
        AppliedCommit.ThrowUnlessApplied(result);
        _pending.Reset();
        return result.Numbers[0];
    }

    public async Task<T> UpdateAsync<T>(string key, Func<T?, T> update, CancellationToken cancellationToken = default)
    {
        SessionEntryException.ThrowUnlessName(key);
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
            ThrowIfRotatedAway();
            CommitResult result = await _session.CommitAsync(changes, _pending.IdleTimeout, operationId, cancellationToken);
            if (result.Outcome != CommitOutcome.Conflict)
            {
                AppliedCommit.ThrowUnlessApplied(result);
                _pending.Reset();
                return updated;
            }

            // Hold the session, or requests that keep changing the entry could win forever.
            Guid? incarnation = _session.Loaded?.Incarnation;
            operationId = Guid.NewGuid();
            await _session.HoldAsync(operationId, cancellationToken);
            if (incarnation is not null && _session.Loaded?.Incarnation != incarnation)
            {
                throw new SessionGoneException();
            }
        }
    }

    public Task RotateAsync(CancellationToken cancellationToken = default) => RotateAsync(isPrivilegeChange: false, null, cancellationToken);

    public Task RotateForSignInAsync(CancellationToken cancellationToken = default) => RotateAsync(isPrivilegeChange: true, null, cancellationToken);

    /// <summary>Rotates for a user who signs in with a ticket; does nothing if the session is not stored.</summary>
    public Task RotateForTicketAsync(string ticketUser, CancellationToken cancellationToken) => RotateAsync(isPrivilegeChange: true, ticketUser, cancellationToken);

    public async Task SignInAsync(string userId, SignInOptions? details = null, CancellationToken cancellationToken = default)
    {
        SessionSignIn signIn = (details ?? new SignInOptions()).ToSignIn(users.Of(userId), request);
        await LoadAsync(cancellationToken);
        tokens.EnsureReplaceable();
        if (Loaded is { Identity.ImpersonatedBy: not null })
        {
            throw ImpersonationException.Acting();
        }

        if (_session is { Loaded: not null, RotatesInPlace: true })
        {
            await RotateInPlaceAsync(signIn, isPrivilegeChange: true, ticketUser: null, cancellationToken);
            return;
        }

        if (_session.Loaded is not null)
        {
            // First the new key, then the rights: an attacker may know the old token.
            await _session.MoveAsync(cancellationToken);
        }

        ThrowIfRotatedAway();
        CommitResult result = await _session.CommitAsync(ToCommit(), _pending.IdleTimeout, Guid.NewGuid(), cancellationToken, signIn: signIn);
        _pending.Reset();
        AppliedCommit.ThrowUnlessApplied(result);
    }

    public async Task DestroyAsync(CancellationToken cancellationToken = default)
    {
        await LoadAsync(cancellationToken);
        _pending.Reset();
        await _session.DestroyAsync(cancellationToken);
    }

    /// <summary>Loads the session that the request's token names by now.</summary>
    public async Task SwitchAsync(CancellationToken cancellationToken) => await _session.PreloadAsync(cancellationToken);

    private async Task RotateAsync(bool isPrivilegeChange, string? ticketUser, CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        if (_session.Loaded is null)
        {
            // The browser's token names no stored session; a new session gets a new token.
            return;
        }

        tokens.EnsureReplaceable();
        if (_session.RotatesInPlace)
        {
            await RotateInPlaceAsync(signIn: null, isPrivilegeChange, ticketUser, cancellationToken);
            return;
        }

        await _session.MoveAsync(cancellationToken);
        if (ticketUser is not null && TicketUser is null)
        {
            CommitResult result = await _session.CommitAsync(ToCommit(), _pending.IdleTimeout, Guid.NewGuid(), cancellationToken, ticketUser: ticketUser);
            _pending.Reset();
            AppliedCommit.ThrowUnlessApplied(result);
        }
    }

    private async ValueTask RotateInPlaceAsync(SessionSignIn? signIn, bool isPrivilegeChange, string? ticketUser, CancellationToken cancellationToken)
    {
        CommitResult result = await _session.RotateInPlaceAsync(ToCommit(), _pending.IdleTimeout, signIn, isPrivilegeChange, ticketUser, cancellationToken);
        _pending.Reset();
        AppliedCommit.ThrowUnlessApplied(result);
    }

    private ImmutableArray<SessionChange> ToCommit() => _pending.ToCommit(sessionExists: _session.Loaded is not null);

    private void ThrowIfRotatedAway()
    {
        if (_session.IsRotatedAway)
        {
            _pending.Reset();
            throw new SessionGoneException();
        }
    }
}
