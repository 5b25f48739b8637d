using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Commands;

/// <summary>Replies about locks.</summary>
internal static class LockReplies
{
    public static readonly Reply NotSupported =
        Reply.Error("ERR this key is a session's lock: set it with SET NX, read it with GET, release it with DEL or a compare-and-delete script");
}
