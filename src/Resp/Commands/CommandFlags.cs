namespace OrleansSessions.Resp.Commands;

/// <summary>Properties of a command. COMMAND reports them, and the endpoint enforces them.</summary>
[Flags]
internal enum CommandFlags
{
    None = 0,

    /// <summary>Changes sessions.</summary>
    Write = 1,

    /// <summary>Reads sessions.</summary>
    ReadOnly = 2,

    /// <summary>Runs in constant time.</summary>
    Fast = 4,

    /// <summary>Allowed before authentication.</summary>
    NoAuth = 8,

    /// <summary>Runs at once inside a transaction instead of being queued.</summary>
    NotQueued = 16,

    /// <summary>Allowed to a RESP2 client with subscriptions, which otherwise expects only messages.</summary>
    WhileSubscribed = 32,
}
