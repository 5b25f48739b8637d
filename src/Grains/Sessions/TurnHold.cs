namespace OrleansSessions.Grains.Sessions;

/// <summary>Hold of a session's turn for one change announced by its caller.</summary>
/// <param name="change">The change's operation id.</param>
internal sealed class TurnHold(Guid change)
{
    /// <summary>How long other changes wait for one that does not arrive: far longer than a living caller needs.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a call may have waited for the turn and still hold it: less than its caller's response timeout, after which the hold is useless.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(700);

    public Guid Change { get; } = change;
}
