namespace OrleansSessions.EndToEnd.Tests.Steps;

/// <summary>The write at which the silo that sends it is killed, counted over all silos.</summary>
internal sealed class FaultPoint(KillMoment moment)
{
    private static readonly string[] Writes = ["EVALSHA", "EVAL", "ZADD", "ZREM", "XADD", "DEL", "UNLINK"];

    /// <summary>Sessions, lists of users' sessions, deadlines, and the audit trail. Not leases, membership and reminders.</summary>
    private static readonly string[] Keys =
    [
        "orleans-sessions/session/", "orleans-sessions/user/", "orleans-sessions/expiry/", SteppedCluster.AuditStream,
    ];

    private readonly Lock _lock = new();
    private int _step;
    private int _count;
    private string? _reached;

    /// <summary>When the silo is killed.</summary>
    public KillMoment Moment => moment;

    /// <summary>The write and its silo; null: not reached, or not yet.</summary>
    public string? Reached
    {
        get
        {
            lock (_lock)
            {
                return _reached;
            }
        }
    }

    /// <summary>The number of writes between the last two calls.</summary>
    public int Steps { get; private set; }

    /// <summary>Begins to count.</summary>
    /// <param name="step">The number of the write, from 1; 0: no silo is to be killed.</param>
    public void Arm(int step)
    {
        lock (_lock)
        {
            (_step, _count, _reached) = (step, 0, null);
        }
    }

    /// <summary>No silo is to be killed any more.</summary>
    public void Disarm()
    {
        lock (_lock)
        {
            (_step, Steps) = (0, _count);
        }
    }

    /// <summary>Counts a command, if it is a write.</summary>
    /// <param name="command">The command's name and arguments.</param>
    /// <param name="silo">The silo that sends it.</param>
    /// <returns>When the silo is to be killed; null: not at this command.</returns>
    public KillMoment? Count(List<string> command, string silo)
    {
        string? key = command.Count > 1 && Writes.Contains(command[0], StringComparer.OrdinalIgnoreCase)
            ? command.Find(static text => Array.Exists(Keys, key => text.StartsWith(key, StringComparison.Ordinal)))
            : null;
        lock (_lock)
        {
            if (key is null || ++_count != _step)
            {
                return null;
            }

            _reached = $"{command[0]} {key} of {silo}";
            return moment;
        }
    }
}
