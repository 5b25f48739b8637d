namespace OrleansSessions.Faults.Tests.Workloads;

/// <summary>Permission of clients to write.</summary>
internal sealed class Pace
{
    private volatile bool _isReadOnly;

    /// <summary>Whether they may only read. Meanwhile sessions don't end, either.</summary>
    public bool IsReadOnly
    {
        get => _isReadOnly;
        set => _isReadOnly = value;
    }
}
