namespace OrleansSessions.LocalCluster.Members;

/// <summary>Delay before a member is restarted. It grows each time the member fails quickly.</summary>
internal sealed class RestartDelay
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(30);

    private TimeSpan _next = Shortest;

    /// <summary>Returns the delay after a process that ran for <paramref name="ran"/>.</summary>
    public TimeSpan After(TimeSpan ran)
    {
        if (ran >= Lasting)
        {
            _next = Shortest;
        }

        TimeSpan delay = _next;
        _next = delay * 2 < Longest ? delay * 2 : Longest;
        return delay;
    }
}
