using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Storage;

namespace OrleansSessions.Grains.Sessions;

/// <summary>Storage record of a session that is stored without an activation.</summary>
internal sealed class NewSession : SessionRecord
{
    public NewSession(SessionState state)
    {
        State = state;
        NewDeadlineMs = state.IndexedDeadlineMs;
    }
}
