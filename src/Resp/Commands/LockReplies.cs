using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Commands;

/// <summary>What clients are told about locks.</summary>
internal static class LockReplies
{
    public static readonly Reply NotSupported =
        Reply.Error("ERR this key is a session's lock: it is set with SET NX, read with GET, and ended with DEL or the script that compares its value");
}
