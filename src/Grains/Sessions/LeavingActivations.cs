namespace OrleansSessions.Grains.Sessions;

/// <summary>
/// Hides a session's published state when its activation begins to end. The activation learns it later, when no call runs any more, and the cluster may have another
/// activation by then.
/// </summary>
internal sealed class LeavingActivations : IActivationWorkingSetObserver
{
    public void OnDeactivating(IActivationWorkingSetMember member)
    {
        if (member is IGrainContext { GrainInstance: SessionGrain session })
        {
            session.Hide();
        }
    }
}
