namespace OrleansSessions.Grains.Sessions;

/// <summary>A session's turn that is kept for one change, announced by its caller.</summary>
/// <param name="change">The change's operation id.</param>
internal sealed class TurnHold(Guid change)
{
    /// <summary>How long other changes wait for one that does not arrive: far longer than a caller takes that is alive.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a call may have waited for the turn and still hold it: less than its caller's response timeout, after which nobody is left to use the hold.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(700);

    public Guid Change { get; } = change;
}
