namespace OrleansSessions.Resp.Commands;

/// <summary>Properties of a command. COMMAND shows them, and the endpoint enforces them.</summary>
[Flags]
internal enum CommandFlags
{
    None = 0,

    /// <summary>Changes sessions.</summary>
    Write = 1,

    /// <summary>Reads sessions.</summary>
    ReadOnly = 2,

    /// <summary>Takes a time that does not depend on how much there is.</summary>
    Fast = 4,

    /// <summary>Allowed before authentication.</summary>
    NoAuth = 8,

    /// <summary>Runs at once in a transaction instead of being queued.</summary>
    NotQueued = 16,

    /// <summary>Allowed to a RESP2 client that has subscribed to channels, and so expects nothing but messages.</summary>
    WhileSubscribed = 32,
}
