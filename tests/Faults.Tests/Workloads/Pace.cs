namespace OrleansSessions.Faults.Tests.Workloads;

/// <summary>What clients are allowed to do.</summary>
internal sealed class Pace
{
    private volatile bool _isReadOnly;

    /// <summary>Whether they only read. Sessions don't end meanwhile, either.</summary>
    public bool IsReadOnly
    {
        get => _isReadOnly;
        set => _isReadOnly = value;
    }
}
