using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Values;

/// <summary>The effect of a command on its key, the first argument. It changes nothing but the value, so it can be repeated on a newer one.</summary>
internal delegate Reply KeyOperation(SessionValue value, RespCommand command);
