using System.Diagnostics.CodeAnalysis;
using Orleans.Storage;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Leases;
using OrleansSessions.Grains.Sessions;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Users;

/// <summary>View of an activation's list in Redis. <see cref="Current"/> is what Redis has acknowledged.</summary>
internal sealed class StoredUserSessions(UserStore store, GrainId id) : IClaimable<UserSessionsState>
{
    private int _epoch;
    private HashSet<RegisteredSession>? _listed;

    public GrainId Id { get; } = id;

    public UserSessionsState Current
    {
        get;
        private set => (field, _listed) = (value, null);
    } = UserSessionsState.None;

    /// <summary>The state last read, or being written.</summary>
    [AllowNull]
    public UserSessionsState State { get; set => field = value ?? UserSessionsState.None; } = UserSessionsState.None;

    public string? ETag { get; set; }

    public bool RecordExists { get; set; }

    public bool IsInDoubt => Knowledge == StateKnowledge.InDoubt;

    private StateKnowledge Knowledge
    {
        get => _epoch == store.Epoch ? field : StateKnowledge.Unread;
        set => (field, _epoch) = (value, store.Epoch);
    }

    /// <summary>Whether a session is still listed as it was.</summary>
    public bool Lists(RegisteredSession session) => (_listed ??= [.. Current.Sessions]).Contains(session);

    /// <summary>Reads the list unless it is known.</summary>
    /// <exception cref="SessionUnavailableException">Redis can't be reached.</exception>
    public async Task EnsureKnownAsync()
    {
        if (Knowledge != StateKnowledge.Known)
        {
            await store.FindAsync(this);
            Current = RecordExists ? State : UserSessionsState.None with { LastNumber = Current.LastNumber };
            Knowledge = StateKnowledge.Known;
        }
    }

    /// <summary>Stores a list and publishes it.</summary>
    /// <exception cref="SessionUnavailableException">Redis did not answer; it may still have stored the list.</exception>
    /// <exception cref="InconsistentStateException">Another activation has stored the list.</exception>
    public async Task StoreAsync(UserSessionsState next)
    {
        State = next;
        try
        {
            await store.WriteAsync(this);
        }
        catch (Exception exception)
        {
            State = Current;
            Knowledge = exception is SessionUnavailableException ? StateKnowledge.InDoubt : StateKnowledge.Unread;
            throw;
        }

        Current = next;
    }
}
